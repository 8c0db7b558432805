import{a as o,b as r}from"./chunk-6GCRCU3H.js";import"./chunk-3S7RDZDM.js";import"./chunk-T7EBJMS2.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
