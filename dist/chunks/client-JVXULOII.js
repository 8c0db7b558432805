import{a as o,b as r}from"./chunk-KGBLGJUK.js";import"./chunk-BPQ56KRF.js";import"./chunk-LEH6J463.js";import"./chunk-CQJUTIKT.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
