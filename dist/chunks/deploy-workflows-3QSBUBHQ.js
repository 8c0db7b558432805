import{a as o,b as r}from"./chunk-Y6DFMSCF.js";import"./chunk-7Q6OLTFY.js";import"./chunk-PVB3GV4Q.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
