import{a as o,b as r}from"./chunk-IJG5G2WV.js";import"./chunk-CVKGRZHG.js";import"./chunk-NQM7HHNG.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
