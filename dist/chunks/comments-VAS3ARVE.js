import{f as o,g as r}from"./chunk-OP2GRRPQ.js";import"./chunk-YC63VBIS.js";import"./chunk-UNCTR4M7.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
