import{f as o,g as r}from"./chunk-OHQXJQOW.js";import"./chunk-BWNE6ARF.js";import"./chunk-SOGSXDUL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
