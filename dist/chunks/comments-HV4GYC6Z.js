import{f as o,g as r}from"./chunk-IPMAZAZ6.js";import"./chunk-IQMB6LLV.js";import"./chunk-ZOSZTRNU.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
