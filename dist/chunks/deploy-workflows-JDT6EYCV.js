import{a as o,b as r}from"./chunk-57I4X5B6.js";import"./chunk-H4NCX7OD.js";import"./chunk-5YMHAXAP.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
