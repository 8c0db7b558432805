import{f as o,g as r}from"./chunk-KXXKGBWE.js";import"./chunk-LNEECPM5.js";import"./chunk-R6N6U3SS.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
