import{a as o,b as r}from"./chunk-6Z2N5CRG.js";import"./chunk-3UGE2WTK.js";import"./chunk-RQMHGPVU.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
