import{a as o,b as r}from"./chunk-ECJTAU67.js";import"./chunk-PCYIQXXE.js";import"./chunk-PKQV3ZD4.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
