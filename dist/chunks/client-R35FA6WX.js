import{a as o,b as r}from"./chunk-CSXPGY72.js";import"./chunk-BU7DNHXG.js";import"./chunk-Y2OK6GIB.js";import"./chunk-PKIFYPPP.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
