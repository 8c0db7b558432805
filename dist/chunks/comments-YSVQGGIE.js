import{f as o,g as r}from"./chunk-HNOQT3AM.js";import"./chunk-VTOYYHNO.js";import"./chunk-TVNYCFWR.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
