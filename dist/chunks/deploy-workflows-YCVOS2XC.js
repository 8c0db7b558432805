import{a as o,b as r}from"./chunk-HZYCXYIT.js";import"./chunk-RA65LLWN.js";import"./chunk-PAGCKK6S.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
