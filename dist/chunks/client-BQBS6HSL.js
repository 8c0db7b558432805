import{a as o,b as r}from"./chunk-DEYMXFOU.js";import"./chunk-BU7DNHXG.js";import"./chunk-U5NINDEE.js";import"./chunk-WILIFBB6.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
