import{a as o,b as r}from"./chunk-ZVDMQCP5.js";import"./chunk-E3HL2M7O.js";import"./chunk-4CU4XP5G.js";import"./chunk-PHKIAKHS.js";export{o as deployWorkflowsOf,r as hasDeployQueue};
