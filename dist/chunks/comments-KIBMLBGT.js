import{f as o,g as r}from"./chunk-HN7ESAME.js";import"./chunk-PAJBGNHD.js";import"./chunk-PMJYHLUI.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
