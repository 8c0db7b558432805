import{a as o,b as r}from"./chunk-2VWJPMGE.js";import"./chunk-BPQ56KRF.js";import"./chunk-I6I2HW64.js";import"./chunk-PRNQKR5L.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
