import{f as o,g as r}from"./chunk-BWJEB2KP.js";import"./chunk-V4L7APGM.js";import"./chunk-UFQPM5ZE.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
