import{a as o,b as r}from"./chunk-7D3FXP6Z.js";import"./chunk-MSW4O4PI.js";import"./chunk-G7AKC6K5.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
