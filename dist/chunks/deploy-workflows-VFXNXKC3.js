import{a as o,b as r}from"./chunk-U76LIX5I.js";import"./chunk-IIW4OFWS.js";import"./chunk-GNRIUVK7.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
