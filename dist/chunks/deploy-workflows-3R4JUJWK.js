import{a as o,b as r}from"./chunk-XV3XR7IW.js";import"./chunk-LEH6J463.js";import"./chunk-CQJUTIKT.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
