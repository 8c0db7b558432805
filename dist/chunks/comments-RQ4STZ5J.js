import{f as o,g as r}from"./chunk-5CTYUHGS.js";import"./chunk-B6CSJ7VE.js";import"./chunk-EZQXDXIK.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
