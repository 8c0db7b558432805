import{f as o,g as r}from"./chunk-TB4I6T5D.js";import"./chunk-25VFFLSA.js";import"./chunk-OO3VN7QB.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
