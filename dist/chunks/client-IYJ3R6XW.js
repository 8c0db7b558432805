import{a as o,b as r}from"./chunk-76DX65FQ.js";import"./chunk-BU7DNHXG.js";import"./chunk-VSBDCFWC.js";import"./chunk-XW2ZRQ3C.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
