import{a as o,b as r}from"./chunk-M56TWKAB.js";import"./chunk-BPQ56KRF.js";import"./chunk-MERCBU2G.js";import"./chunk-2SMD3UZS.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
