import{a as o,b as r}from"./chunk-6NQITCTC.js";import"./chunk-PKDSFPSW.js";import"./chunk-XS2YJQTN.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
