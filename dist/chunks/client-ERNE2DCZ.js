import{a as o,b as r}from"./chunk-BSAYYYZH.js";import"./chunk-BU7DNHXG.js";import"./chunk-BWNE6ARF.js";import"./chunk-SOGSXDUL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
