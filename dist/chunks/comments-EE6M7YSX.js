import{f as o,g as r}from"./chunk-LWXDBIAZ.js";import"./chunk-G3HF4YGX.js";import"./chunk-RVJ3NPYH.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
