import{f as o,g as r}from"./chunk-MQWISCVQ.js";import"./chunk-QRTEZQC7.js";import"./chunk-SKKQ5WEN.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
