import{a as o,b as r}from"./chunk-MOO4PP4X.js";import"./chunk-G3HF4YGX.js";import"./chunk-RVJ3NPYH.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
