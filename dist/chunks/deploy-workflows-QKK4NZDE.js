import{a as o,b as r}from"./chunk-34VHSIYQ.js";import"./chunk-CFOOCMGC.js";import"./chunk-MQGVGK3B.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
