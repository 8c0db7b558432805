import{f as o,g as r}from"./chunk-6K3QN7N2.js";import"./chunk-IIW4OFWS.js";import"./chunk-GNRIUVK7.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
