import{a as o,b as r}from"./chunk-ICKWUGFA.js";import"./chunk-BU7DNHXG.js";import"./chunk-DDW23LVA.js";import"./chunk-XICR2N6J.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
