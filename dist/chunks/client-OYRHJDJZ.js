import{a as o,b as r}from"./chunk-7VIVONPZ.js";import"./chunk-BU7DNHXG.js";import"./chunk-QRTEZQC7.js";import"./chunk-SKKQ5WEN.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
