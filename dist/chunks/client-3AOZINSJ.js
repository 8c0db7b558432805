import{a as o,b as r}from"./chunk-BEKE6EZI.js";import"./chunk-BU7DNHXG.js";import"./chunk-OJ2Z6DXC.js";import"./chunk-XKME6WRL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
