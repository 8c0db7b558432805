import{f as o,g as r}from"./chunk-YR2G4QCL.js";import"./chunk-AQN5E3LV.js";import"./chunk-QVJJI7OH.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
