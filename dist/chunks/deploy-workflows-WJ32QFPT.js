import{a as o,b as r}from"./chunk-VLXOFA5N.js";import"./chunk-YC63VBIS.js";import"./chunk-UNCTR4M7.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
