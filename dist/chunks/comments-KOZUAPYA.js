import{f as o,g as r}from"./chunk-XHSFVGTH.js";import"./chunk-DFB4AFGI.js";import"./chunk-I32JASKR.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
