import{a as o,b as r}from"./chunk-ZSMYFTJQ.js";import"./chunk-BU7DNHXG.js";import"./chunk-67WJ7RPR.js";import"./chunk-3RAB2K7T.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
