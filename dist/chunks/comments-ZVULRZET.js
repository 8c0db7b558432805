import{f as o,g as r}from"./chunk-SE6YYGP2.js";import"./chunk-VSF5Z33J.js";import"./chunk-6ZHT6JDO.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
