import{a as o,b as r}from"./chunk-WDP374MS.js";import"./chunk-BPQ56KRF.js";import"./chunk-XFNX3KB5.js";import"./chunk-3PYOYYWX.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
