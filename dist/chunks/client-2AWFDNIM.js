import{a as o,b as r}from"./chunk-SHTXAP7G.js";import"./chunk-BU7DNHXG.js";import"./chunk-I3PBQKYH.js";import"./chunk-RHUSMYSJ.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
