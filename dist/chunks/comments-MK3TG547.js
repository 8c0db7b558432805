import{f as o,g as r}from"./chunk-OB3NLALA.js";import"./chunk-H4NCX7OD.js";import"./chunk-5YMHAXAP.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
