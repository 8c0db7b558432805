import{a as o,b as r}from"./chunk-TNZD3I76.js";import"./chunk-HIUCANOS.js";import"./chunk-NQRAIPRF.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
