import{f as o,g as r}from"./chunk-I3JR6QES.js";import"./chunk-I3PBQKYH.js";import"./chunk-RHUSMYSJ.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
