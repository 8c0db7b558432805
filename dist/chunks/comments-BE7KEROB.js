import{f as o,g as r}from"./chunk-D3YDPQKJ.js";import"./chunk-6U77RNH3.js";import"./chunk-I46TAVJW.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
