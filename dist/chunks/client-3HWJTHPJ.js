import{a as o,b as r}from"./chunk-FGGEVEMN.js";import"./chunk-VM5UBMPX.js";import"./chunk-HZ26V3JD.js";import"./chunk-VL45VA24.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
