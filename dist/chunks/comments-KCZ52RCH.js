import{f as o,g as r}from"./chunk-GICUJYOF.js";import"./chunk-S7J4ORMP.js";import"./chunk-2BFEWKWR.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
