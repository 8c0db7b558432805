import{f as o,g as r}from"./chunk-SM5ZII3U.js";import"./chunk-PKN76KKP.js";import"./chunk-WK5X6GTG.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
