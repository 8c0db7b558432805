import{a as o,b as r}from"./chunk-G4KT2CBA.js";import"./chunk-QIF7MMWE.js";import"./chunk-553MM2K7.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
