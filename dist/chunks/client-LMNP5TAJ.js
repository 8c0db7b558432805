import{a as o,b as r}from"./chunk-YBC6OSNX.js";import"./chunk-BU7DNHXG.js";import"./chunk-2LTELBXO.js";import"./chunk-GN6TDD7N.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
