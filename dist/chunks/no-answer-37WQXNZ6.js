import{a,b}from"./chunk-UI2ORYWW.js";import"./chunk-EMBIDUMY.js";export{b as errorBlocks,a as setUpComment};
