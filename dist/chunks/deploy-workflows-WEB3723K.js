import{a as o,b as r}from"./chunk-OMF3CSSM.js";import"./chunk-GTGJDLPJ.js";import"./chunk-BMLWTCHI.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
