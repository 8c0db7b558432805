import{f as o,g as r}from"./chunk-UPAIH2UC.js";import"./chunk-W23U55ON.js";import"./chunk-ZKZYRCIX.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
