import{f as o,g as r}from"./chunk-25LYPGXX.js";import"./chunk-Y2OK6GIB.js";import"./chunk-PKIFYPPP.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
