import{a as o,b as r}from"./chunk-7TDFHFVG.js";import"./chunk-GSJZEU7F.js";import"./chunk-R6C2X57D.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
