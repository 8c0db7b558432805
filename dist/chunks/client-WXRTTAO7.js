import{a as o,b as r}from"./chunk-CQI3AT4S.js";import"./chunk-BU7DNHXG.js";import"./chunk-6U77RNH3.js";import"./chunk-I46TAVJW.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
