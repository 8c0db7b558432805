import{a as o,b as r}from"./chunk-CYSU23HD.js";import"./chunk-SMIUSEAQ.js";import"./chunk-C4L4X6EM.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
