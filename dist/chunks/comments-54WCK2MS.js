import{f as o,g as r}from"./chunk-RUZGBQLR.js";import"./chunk-67WJ7RPR.js";import"./chunk-3RAB2K7T.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
