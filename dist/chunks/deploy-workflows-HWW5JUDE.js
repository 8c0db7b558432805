import{a as o,b as r}from"./chunk-BLIGG6WM.js";import"./chunk-V4L7APGM.js";import"./chunk-UFQPM5ZE.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
