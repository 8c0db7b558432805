import{a,b,c,d}from"./chunk-KGJFO2TY.js";import"./chunk-OQ4U36RH.js";import"./chunk-EMBIDUMY.js";export{b as save,c as saveWhole,d as writeNew,a as writePage};
