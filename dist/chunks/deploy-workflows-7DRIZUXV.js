import{a as o,b as r}from"./chunk-V6XP35A2.js";import"./chunk-VSBDCFWC.js";import"./chunk-XW2ZRQ3C.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
