import{f as o,g as r}from"./chunk-4Z3E64PN.js";import"./chunk-DSWUJRIL.js";import"./chunk-UDGL7X5M.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
