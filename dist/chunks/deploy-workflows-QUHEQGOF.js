import{a as o,b as r}from"./chunk-OF3VODDY.js";import"./chunk-3FOR3EPR.js";import"./chunk-WEW3I7OD.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
