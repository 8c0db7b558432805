import{f as o,g as r}from"./chunk-5EZ5ZPAX.js";import"./chunk-HZ26V3JD.js";import"./chunk-VL45VA24.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
