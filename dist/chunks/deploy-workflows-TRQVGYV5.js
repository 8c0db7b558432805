import{a as o,b as r}from"./chunk-TH7RXZPK.js";import"./chunk-YDFGEVX5.js";import"./chunk-32PR2BFA.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
