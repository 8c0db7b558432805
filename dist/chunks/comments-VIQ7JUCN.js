import{f as o,g as r}from"./chunk-DNRUTAX3.js";import"./chunk-KEXWK2HJ.js";import"./chunk-PJ3B3Q7R.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
