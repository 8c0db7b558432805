import{a as o,b as r}from"./chunk-6ZIMHWA5.js";import"./chunk-BU7DNHXG.js";import"./chunk-XZSRLM2V.js";import"./chunk-6OWLK5YL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
