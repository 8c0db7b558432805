import{a as o,b as r}from"./chunk-C5AF5ITA.js";import"./chunk-J2JHIC2N.js";import"./chunk-UWNFHOQF.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
