import{a as o,b as r}from"./chunk-NXLJE6AR.js";import"./chunk-NT4MC6AH.js";import"./chunk-DBPITZEG.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
