import{f as o,g as r}from"./chunk-4T24XBQM.js";import"./chunk-B6BGF5QA.js";import"./chunk-2P4UMZ3G.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
