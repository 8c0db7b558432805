import{a as o,b as r}from"./chunk-CPUI6G35.js";import"./chunk-BU7DNHXG.js";import"./chunk-JIV5JFOI.js";import"./chunk-VW67VQQL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
