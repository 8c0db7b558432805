import{a,b}from"./chunk-LMORCOA2.js";import"./chunk-L3AKV4OC.js";import"./chunk-EMBIDUMY.js";export{b as csv,a as csvOf};
