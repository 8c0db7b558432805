import{a as o,b as r}from"./chunk-3BFTXTI4.js";import"./chunk-B4VW3YU4.js";import"./chunk-JKVU4B7G.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
