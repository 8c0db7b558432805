import{f as o,g as r}from"./chunk-SJF4CAZX.js";import"./chunk-MTE6IU4D.js";import"./chunk-7YWVBPRQ.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
