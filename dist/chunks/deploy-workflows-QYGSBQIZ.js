import{a as o,b as r}from"./chunk-AQXJ5QKY.js";import"./chunk-DFB4AFGI.js";import"./chunk-I32JASKR.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
