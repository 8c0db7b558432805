import{a as o,b as r}from"./chunk-E4EA64TC.js";import"./chunk-FACMOAI5.js";import"./chunk-2QVXQ2JA.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
