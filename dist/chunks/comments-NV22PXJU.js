import{f as o,g as r}from"./chunk-YZPX7SRX.js";import"./chunk-Z7IEMAKW.js";import"./chunk-GM3T53JG.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
