import{a as o,b as r}from"./chunk-U4VFR2EE.js";import"./chunk-MQESLF3X.js";import"./chunk-NJ4I2PSX.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
