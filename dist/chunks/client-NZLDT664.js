import{a as o,b as r}from"./chunk-3WTW5373.js";import"./chunk-GG6XFUIA.js";import"./chunk-ZLLZCSWI.js";import"./chunk-QVEG5Q46.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
