import{f as o,g as r}from"./chunk-5P34LF2Z.js";import"./chunk-VSBDCFWC.js";import"./chunk-XW2ZRQ3C.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
