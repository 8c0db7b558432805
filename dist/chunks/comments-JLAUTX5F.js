import{f as o,g as r}from"./chunk-OBE7XJG2.js";import"./chunk-BZNKW2HC.js";import"./chunk-YCZQ4SWF.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
