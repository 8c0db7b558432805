import{a as o,b as r}from"./chunk-C2BCBSD5.js";import"./chunk-BU7DNHXG.js";import"./chunk-DFB4AFGI.js";import"./chunk-I32JASKR.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
