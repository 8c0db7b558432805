import{f as o,g as r}from"./chunk-7A5RH3IO.js";import"./chunk-B4VW3YU4.js";import"./chunk-JKVU4B7G.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
