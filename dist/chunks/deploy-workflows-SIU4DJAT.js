import{a as o,b as r}from"./chunk-MARRM7R5.js";import"./chunk-NHMK75G3.js";import"./chunk-DOVZDWWK.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
