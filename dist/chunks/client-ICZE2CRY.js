import{a as o,b as r}from"./chunk-U2S42AAA.js";import"./chunk-BU7DNHXG.js";import"./chunk-PKN76KKP.js";import"./chunk-WK5X6GTG.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
