import{a as o,b as r}from"./chunk-KACBPCHQ.js";import"./chunk-6CZZK4KL.js";import"./chunk-RI3M3PU6.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
