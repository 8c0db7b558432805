import{a as o,b as r}from"./chunk-7UXUJB4X.js";import"./chunk-BPQ56KRF.js";import"./chunk-M7GS65G3.js";import"./chunk-NDVBG6AE.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
