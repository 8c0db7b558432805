import{a as o,b as r}from"./chunk-YQUVFOGC.js";import"./chunk-M7GS65G3.js";import"./chunk-NDVBG6AE.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
