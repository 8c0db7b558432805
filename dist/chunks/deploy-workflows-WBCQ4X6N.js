import{a as o,b as r}from"./chunk-PCG4AZS6.js";import"./chunk-6E3AGP5C.js";import"./chunk-S4JONZMY.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
