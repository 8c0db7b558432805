import{a as o,b as r}from"./chunk-QWRDEAQS.js";import"./chunk-T4XRSTTE.js";import"./chunk-AJPBIYM6.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
