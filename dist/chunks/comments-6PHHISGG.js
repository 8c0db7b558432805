import{f as o,g as r}from"./chunk-N4TOABY4.js";import"./chunk-GTGJDLPJ.js";import"./chunk-BMLWTCHI.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
