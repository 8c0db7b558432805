import{a as o,b as r}from"./chunk-6V2YY42X.js";import"./chunk-BLKKXGUQ.js";import"./chunk-EV4ASA5D.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
