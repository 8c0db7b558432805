import{a as o,b as r}from"./chunk-SMG3OCZO.js";import"./chunk-2FD4NP5P.js";import"./chunk-4M4MBFWZ.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
