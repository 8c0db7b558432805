import{a as o,b as r}from"./chunk-LZ5QRZAK.js";import"./chunk-BU7DNHXG.js";import"./chunk-BXIB3TUZ.js";import"./chunk-UILYPU3B.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
