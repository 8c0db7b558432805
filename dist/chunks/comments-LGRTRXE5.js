import{f as o,g as r}from"./chunk-GRYMQ7JE.js";import"./chunk-GE2F3NOG.js";import"./chunk-HBKUCFRL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
