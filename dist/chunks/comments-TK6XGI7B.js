import{f as o,g as r}from"./chunk-2NNPDUEQ.js";import"./chunk-N2JVZ2FZ.js";import"./chunk-R54ELAYX.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
