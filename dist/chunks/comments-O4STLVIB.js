import{f as o,g as r}from"./chunk-YQHEKPBJ.js";import"./chunk-XZSRLM2V.js";import"./chunk-6OWLK5YL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
