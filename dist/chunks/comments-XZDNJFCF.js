import{f as o,g as r}from"./chunk-DTZ4XGAU.js";import"./chunk-W3SAAM4O.js";import"./chunk-4F76347E.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
