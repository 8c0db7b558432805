import{a as o,b as r}from"./chunk-AQVSA4Q4.js";import"./chunk-N2JVZ2FZ.js";import"./chunk-R54ELAYX.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
