import{a as o,b as r}from"./chunk-LSXRNVVF.js";import"./chunk-BU7DNHXG.js";import"./chunk-EBHP2YKW.js";import"./chunk-NHDB4L43.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
