import{a as o,b as r}from"./chunk-SVR2254N.js";import"./chunk-I6I2HW64.js";import"./chunk-PRNQKR5L.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
