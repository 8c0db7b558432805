import{a as o,b as r}from"./chunk-GPLTMDGI.js";import"./chunk-B3VKYJ5G.js";import"./chunk-ICT2W6QW.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
