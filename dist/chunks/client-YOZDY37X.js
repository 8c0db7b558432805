import{a as o,b as r}from"./chunk-3ZLZWDUV.js";import"./chunk-BU7DNHXG.js";import"./chunk-T4XRSTTE.js";import"./chunk-AJPBIYM6.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
