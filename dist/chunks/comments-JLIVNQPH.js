import{f as o,g as r}from"./chunk-5AUUJTUN.js";import"./chunk-2LTELBXO.js";import"./chunk-GN6TDD7N.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
