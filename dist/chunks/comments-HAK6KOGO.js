import{f as o,g as r}from"./chunk-TPXTDTJO.js";import"./chunk-LUOMJXIF.js";import"./chunk-RCLPZ4K2.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
