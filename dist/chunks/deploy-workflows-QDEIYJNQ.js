import{a as o,b as r}from"./chunk-YZAT2TJ2.js";import"./chunk-SCFRWDLB.js";import"./chunk-7FEZBRPX.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
