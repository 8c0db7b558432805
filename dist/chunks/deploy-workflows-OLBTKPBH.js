import{a as o,b as r}from"./chunk-AMNBN2MH.js";import"./chunk-7XZSI3R2.js";import"./chunk-DMXNBUTR.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
