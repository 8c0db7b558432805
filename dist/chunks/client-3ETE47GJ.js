import{a as o,b as r}from"./chunk-5JFWLPIV.js";import"./chunk-BU7DNHXG.js";import"./chunk-3MQY4SDY.js";import"./chunk-HNE7AJYJ.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
