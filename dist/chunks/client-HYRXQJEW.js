import{a as o,b as r}from"./chunk-UPLUM65B.js";import"./chunk-QVEG5Q46.js";import"./chunk-LNEECPM5.js";import"./chunk-R6N6U3SS.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
