import{a as o,b as r}from"./chunk-DILLHU3D.js";import"./chunk-OZSTKY3E.js";import"./chunk-CKVLY7OX.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
