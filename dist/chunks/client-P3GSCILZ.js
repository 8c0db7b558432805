import{a as o,b as r}from"./chunk-E5DLTWF6.js";import"./chunk-QVEG5Q46.js";import"./chunk-4NIWBW47.js";import"./chunk-5UB2VKVV.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
