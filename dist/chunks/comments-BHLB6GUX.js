import{f as o,g as r}from"./chunk-JHE4HKQM.js";import"./chunk-YDFGEVX5.js";import"./chunk-32PR2BFA.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
