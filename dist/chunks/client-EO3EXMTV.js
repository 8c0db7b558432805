import{a as o,b as r}from"./chunk-7EAFCYFV.js";import"./chunk-VM5UBMPX.js";import"./chunk-RACXTBE6.js";import"./chunk-WVFXKAJY.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
