import{a as o,b as r}from"./chunk-U26XXUUF.js";import"./chunk-4A7I46YI.js";import"./chunk-WUOOWISM.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
