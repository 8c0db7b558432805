import{f as o,g as r}from"./chunk-4F6H453L.js";import"./chunk-RI2VICR3.js";import"./chunk-3ZQRBR2Z.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
