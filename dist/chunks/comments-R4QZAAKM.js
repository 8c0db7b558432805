import{f as o,g as r}from"./chunk-D3RAHOG2.js";import"./chunk-U5NINDEE.js";import"./chunk-WILIFBB6.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
