import{a as o,b as r}from"./chunk-7UGYG26O.js";import"./chunk-P7AV7Z72.js";import"./chunk-5FZONZNG.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
