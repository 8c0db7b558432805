import{a as o,b as r}from"./chunk-ZZN3RLOE.js";import"./chunk-BU7DNHXG.js";import"./chunk-67I75WNQ.js";import"./chunk-6JAB6SZW.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
