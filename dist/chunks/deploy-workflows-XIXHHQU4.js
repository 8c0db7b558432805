import{a as o,b as r}from"./chunk-2F25XLYR.js";import"./chunk-LPHE5JV5.js";import"./chunk-R45YYL4W.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
