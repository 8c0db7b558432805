import{f as o,g as r}from"./chunk-EOS2MUAN.js";import"./chunk-5LDI3FHZ.js";import"./chunk-67I4KNQU.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
