import{f as o,g as r}from"./chunk-CYI4P5BZ.js";import"./chunk-OJ2Z6DXC.js";import"./chunk-XKME6WRL.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
