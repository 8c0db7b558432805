import{a as o,b as r}from"./chunk-WMCUWU7X.js";import"./chunk-BU7DNHXG.js";import"./chunk-F57HCN5G.js";import"./chunk-K54FJV7H.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
