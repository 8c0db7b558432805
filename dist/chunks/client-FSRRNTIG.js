import{a as o,b as r}from"./chunk-2TU2ULLP.js";import"./chunk-BPQ56KRF.js";import"./chunk-6E3AGP5C.js";import"./chunk-S4JONZMY.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
