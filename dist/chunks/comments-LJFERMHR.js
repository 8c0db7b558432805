import{f as o,g as r}from"./chunk-FQLCCAO3.js";import"./chunk-B2HV7CWQ.js";import"./chunk-F24MFIKJ.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
