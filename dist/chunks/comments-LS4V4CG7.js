import{f as o,g as r}from"./chunk-UVOIRFCJ.js";import"./chunk-J4GNQSKF.js";import"./chunk-XBCUM5XU.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
