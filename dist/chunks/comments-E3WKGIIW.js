import{f as o,g as r}from"./chunk-CTC3UKUJ.js";import"./chunk-DDW23LVA.js";import"./chunk-XICR2N6J.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
