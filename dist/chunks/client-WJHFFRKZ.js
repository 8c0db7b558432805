import{a as o,b as r}from"./chunk-NKNG4ST7.js";import"./chunk-BU7DNHXG.js";import"./chunk-WPLDU5ZL.js";import"./chunk-CQIO6XZX.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
