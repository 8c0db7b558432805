import{a as o,b as r}from"./chunk-GHQVYSUI.js";import"./chunk-IBSG5OYZ.js";import"./chunk-7TVC3WSN.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
