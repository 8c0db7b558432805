import{a as o,b as r}from"./chunk-W6PAGDJL.js";import"./chunk-LZOSSXKW.js";import"./chunk-36OMKQPD.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
