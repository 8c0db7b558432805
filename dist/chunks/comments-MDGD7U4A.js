import{f as o,g as r}from"./chunk-LCFCZ4FK.js";import"./chunk-F57HCN5G.js";import"./chunk-K54FJV7H.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
