import{f as o,g as r}from"./chunk-Y4V2HGH6.js";import"./chunk-BXIB3TUZ.js";import"./chunk-UILYPU3B.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
