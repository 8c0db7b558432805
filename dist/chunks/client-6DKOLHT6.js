import{a as o,b as r}from"./chunk-CQQATSJB.js";import"./chunk-QVEG5Q46.js";import"./chunk-5LDI3FHZ.js";import"./chunk-67I4KNQU.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
