import{a as o,b as r}from"./chunk-2M3VBGN2.js";import"./chunk-BU7DNHXG.js";import"./chunk-G3HF4YGX.js";import"./chunk-RVJ3NPYH.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
