import{a as o,b as r}from"./chunk-RXXJQ634.js";import"./chunk-BU7DNHXG.js";import"./chunk-YC63VBIS.js";import"./chunk-UNCTR4M7.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
