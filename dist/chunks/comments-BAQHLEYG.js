import{f as o,g as r}from"./chunk-ZFOGWMJK.js";import"./chunk-BQEPHV4U.js";import"./chunk-A24VVLXZ.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
