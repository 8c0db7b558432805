import{f as o,g as r}from"./chunk-SL6CRSW6.js";import"./chunk-3TDQYKH3.js";import"./chunk-SE5M6VVC.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
