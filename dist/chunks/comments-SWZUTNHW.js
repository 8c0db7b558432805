import{f as o,g as r}from"./chunk-RQ3MVOT6.js";import"./chunk-5IBITQCN.js";import"./chunk-H67LY3KD.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
