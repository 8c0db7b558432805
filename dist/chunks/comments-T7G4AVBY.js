import{f as o,g as r}from"./chunk-73VVZWSH.js";import"./chunk-VEHFB5IL.js";import"./chunk-5G3CCFDU.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
