import{a as o,b as r}from"./chunk-EO2757UT.js";import"./chunk-WWH3CUFM.js";import"./chunk-CE5FUEU6.js";import"./chunk-EMBIDUMY.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
