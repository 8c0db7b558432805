import{f as o,g as r}from"./chunk-GIDALM3W.js";import"./chunk-KCF2B2AF.js";import"./chunk-37TI43E7.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
