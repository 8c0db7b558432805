import{f as o,g as r}from"./chunk-6G7ISXUA.js";import"./chunk-GG6XFUIA.js";import"./chunk-ZLLZCSWI.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
