import{f as o,g as r}from"./chunk-FRVV5FG6.js";import"./chunk-FKEOB6GL.js";import"./chunk-CJ6RJYNS.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
