import{f as o,g as r}from"./chunk-DPSOO7W3.js";import"./chunk-RACXTBE6.js";import"./chunk-WVFXKAJY.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
