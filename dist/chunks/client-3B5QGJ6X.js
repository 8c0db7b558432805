import{a as o,b as r}from"./chunk-R3XLQ46E.js";import"./chunk-BU7DNHXG.js";import"./chunk-DSWUJRIL.js";import"./chunk-UDGL7X5M.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
