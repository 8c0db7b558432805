import{f as o,g as r}from"./chunk-GWFDVDHX.js";import"./chunk-JJI2QU6Q.js";import"./chunk-5RXFNI4I.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
