import{a as o,b as r}from"./chunk-UONCEIMG.js";import"./chunk-QY7QNWTV.js";import"./chunk-KYEIOIDB.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
