import{f as o,g as r}from"./chunk-B6DUVYS7.js";import"./chunk-3HP5AYPS.js";import"./chunk-YQILHGXK.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
