import{a as o,b as r}from"./chunk-2FQQP6DE.js";import"./chunk-HUMFJCWX.js";import"./chunk-57272SL5.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
