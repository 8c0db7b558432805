import{f as o,g as r}from"./chunk-5UE6NGUR.js";import"./chunk-WPLDU5ZL.js";import"./chunk-CQIO6XZX.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
