import{f as o,g as r}from"./chunk-2U4RKRWF.js";import"./chunk-2S4U535Z.js";import"./chunk-3CXALRUF.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
