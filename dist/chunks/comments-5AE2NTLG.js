import{f as o,g as r}from"./chunk-3NF2AQ6D.js";import"./chunk-67I75WNQ.js";import"./chunk-6JAB6SZW.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
