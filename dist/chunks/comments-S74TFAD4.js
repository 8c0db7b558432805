import{f as o,g as r}from"./chunk-N6EKIUZI.js";import"./chunk-M5DW2TQC.js";import"./chunk-B2ERYQVF.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
