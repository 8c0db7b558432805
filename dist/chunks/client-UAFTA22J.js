import{a as o,b as r}from"./chunk-AKRYG4MV.js";import"./chunk-BPQ56KRF.js";import"./chunk-IBSG5OYZ.js";import"./chunk-7TVC3WSN.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
