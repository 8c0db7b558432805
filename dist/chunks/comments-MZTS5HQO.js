import{f as o,g as r}from"./chunk-2ANRZNW6.js";import"./chunk-H74WAQ43.js";import"./chunk-T3TYM5EL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
