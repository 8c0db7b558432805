import{a as o,b as r}from"./chunk-K766DTQW.js";import"./chunk-QVEG5Q46.js";import"./chunk-VSF5Z33J.js";import"./chunk-6ZHT6JDO.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
