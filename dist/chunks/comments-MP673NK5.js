import{f as o,g as r}from"./chunk-F2ZKO6OI.js";import"./chunk-EQ6NMFPZ.js";import"./chunk-IIGFAWCG.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
