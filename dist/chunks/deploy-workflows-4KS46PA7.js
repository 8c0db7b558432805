import{a as o,b as r}from"./chunk-TU3VYUXI.js";import"./chunk-WG7YHAFA.js";import"./chunk-AKGNAQK7.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
