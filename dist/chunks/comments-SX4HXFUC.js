import{f as o,g as r}from"./chunk-GTVVJQ63.js";import"./chunk-WWH3CUFM.js";import"./chunk-CE5FUEU6.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
