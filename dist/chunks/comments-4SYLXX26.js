import{f as o,g as r}from"./chunk-ACDKX3MH.js";import"./chunk-NHMK75G3.js";import"./chunk-DOVZDWWK.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
