import{f as o,g as r}from"./chunk-KIR5A7YJ.js";import"./chunk-EBHP2YKW.js";import"./chunk-NHDB4L43.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
