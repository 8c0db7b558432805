import{a as o,b as r}from"./chunk-27N3YVZG.js";import"./chunk-NSOMSGLL.js";import"./chunk-JLC2TJHJ.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
