import{a as o,b as r}from"./chunk-E6CFRAPZ.js";import"./chunk-BPQ56KRF.js";import"./chunk-HIUCANOS.js";import"./chunk-NQRAIPRF.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
