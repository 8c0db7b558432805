import{a as o,b as r}from"./chunk-HUOKBJEF.js";import"./chunk-QVEG5Q46.js";import"./chunk-GI2XXLIB.js";import"./chunk-KX3OHLNB.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
