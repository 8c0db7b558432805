import{a as o,b as r}from"./chunk-WQG2WIFU.js";import"./chunk-TAC254V4.js";import"./chunk-TANOWERD.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
