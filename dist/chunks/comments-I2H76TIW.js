import{f as o,g as r}from"./chunk-WPND6BJS.js";import"./chunk-3MQY4SDY.js";import"./chunk-HNE7AJYJ.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
