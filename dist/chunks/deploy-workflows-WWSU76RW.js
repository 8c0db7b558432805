import{a as o,b as r}from"./chunk-C23L2VRF.js";import"./chunk-WHD3IW6M.js";import"./chunk-A7T5JTRR.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
