import{a as o,b as r}from"./chunk-LFKQI6LJ.js";import"./chunk-6P7M7WTR.js";import"./chunk-DBML2IU7.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
