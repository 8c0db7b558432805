import{f as o,g as r}from"./chunk-A5OTKOQ3.js";import"./chunk-NCLIR57O.js";import"./chunk-SNRVQWKI.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
