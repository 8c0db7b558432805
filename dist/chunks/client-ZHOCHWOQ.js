import{a as o,b as r}from"./chunk-URA7LLKD.js";import"./chunk-BU7DNHXG.js";import"./chunk-GE2F3NOG.js";import"./chunk-HBKUCFRL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
