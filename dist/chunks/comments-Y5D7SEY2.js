import{f as o,g as r}from"./chunk-4B32I37U.js";import"./chunk-QIF7MMWE.js";import"./chunk-553MM2K7.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
