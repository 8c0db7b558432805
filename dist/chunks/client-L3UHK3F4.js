import{a as o,b as r}from"./chunk-YQARFP7T.js";import"./chunk-BU7DNHXG.js";import"./chunk-NHMK75G3.js";import"./chunk-DOVZDWWK.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
