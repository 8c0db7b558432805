import{a as o,b as r}from"./chunk-TIGQVJPT.js";import"./chunk-XFNX3KB5.js";import"./chunk-3PYOYYWX.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
