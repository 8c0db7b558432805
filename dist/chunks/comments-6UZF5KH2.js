import{f as o,g as r}from"./chunk-NM5SKHXO.js";import"./chunk-WFT4ZKTP.js";import"./chunk-FQWL42KL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
