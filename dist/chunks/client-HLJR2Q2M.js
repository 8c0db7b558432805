import{a as o,b as r}from"./chunk-HLUBUKB4.js";import"./chunk-BU7DNHXG.js";import"./chunk-B2HV7CWQ.js";import"./chunk-F24MFIKJ.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
