import{a as o,b as r}from"./chunk-J4CJIIZS.js";import"./chunk-OPLJINHZ.js";import"./chunk-7FVQPU52.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
