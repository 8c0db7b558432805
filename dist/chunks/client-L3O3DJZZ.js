import{a as o,b as r}from"./chunk-GQGYVB7M.js";import"./chunk-UIG5WTW3.js";import"./chunk-TUUPLPU6.js";import"./chunk-QVEG5Q46.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
