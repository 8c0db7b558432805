import{a as o,b as r}from"./chunk-FNLYWRNB.js";import"./chunk-BPQ56KRF.js";import"./chunk-DYXW4SHR.js";import"./chunk-2NCTZ4LY.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
