import{f as o,g as r}from"./chunk-5ZOZTPBJ.js";import"./chunk-T4XRSTTE.js";import"./chunk-AJPBIYM6.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
