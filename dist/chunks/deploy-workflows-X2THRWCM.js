import{a as o,b as r}from"./chunk-UUFQ55I3.js";import"./chunk-OJ2Z6DXC.js";import"./chunk-XKME6WRL.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
