import{f as o,g as r}from"./chunk-G4BWVW5L.js";import"./chunk-UUECHFPC.js";import"./chunk-ZILTLX5X.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
