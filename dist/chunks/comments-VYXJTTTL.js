import{f as o,g as r}from"./chunk-T6SYQXR3.js";import"./chunk-UIG5WTW3.js";import"./chunk-TUUPLPU6.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
