import{a as o,b as r}from"./chunk-ZZD4MOYU.js";import"./chunk-BCXB7E4F.js";import"./chunk-DG5BWGWV.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
