import{a as o,b as r}from"./chunk-3QPLTKOR.js";import"./chunk-BU7DNHXG.js";import"./chunk-MSW4O4PI.js";import"./chunk-G7AKC6K5.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
