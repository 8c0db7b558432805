import{a as o,b as r}from"./chunk-2HUEFCXY.js";import"./chunk-BU7DNHXG.js";import"./chunk-GTGJDLPJ.js";import"./chunk-BMLWTCHI.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
