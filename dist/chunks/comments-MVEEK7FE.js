import{f as o,g as r}from"./chunk-AADZHPBW.js";import"./chunk-GI2XXLIB.js";import"./chunk-KX3OHLNB.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
