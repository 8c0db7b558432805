import{f as o,g as r}from"./chunk-KEKRTBLJ.js";import"./chunk-SCFRWDLB.js";import"./chunk-7FEZBRPX.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
