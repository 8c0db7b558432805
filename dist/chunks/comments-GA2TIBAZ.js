import{f as o,g as r}from"./chunk-REQ4ECNM.js";import"./chunk-JIV5JFOI.js";import"./chunk-VW67VQQL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
