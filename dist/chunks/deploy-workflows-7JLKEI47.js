import{a as o,b as r}from"./chunk-H42MMR7K.js";import"./chunk-MERCBU2G.js";import"./chunk-2SMD3UZS.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
