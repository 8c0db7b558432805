import{a as o,b as r}from"./chunk-2Q64WSWQ.js";import"./chunk-H2D6NPGY.js";import"./chunk-L4PZZGNO.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
