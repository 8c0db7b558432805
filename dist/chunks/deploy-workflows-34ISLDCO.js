import{a as o,b as r}from"./chunk-BSKO7QPJ.js";import"./chunk-EWHX4V3K.js";import"./chunk-QDOEX2M7.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
