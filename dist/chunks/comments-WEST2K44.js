import{f as o,g as r}from"./chunk-G3TYCLTR.js";import"./chunk-4NIWBW47.js";import"./chunk-5UB2VKVV.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
