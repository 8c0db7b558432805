import{f as o,g as r}from"./chunk-A63MCMTH.js";import"./chunk-PJB2ZI2L.js";import"./chunk-W5DM36TP.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
