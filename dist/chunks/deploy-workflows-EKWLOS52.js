import{a as o,b as r}from"./chunk-KXIIHESM.js";import"./chunk-DYXW4SHR.js";import"./chunk-2NCTZ4LY.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
