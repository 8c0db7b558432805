import{a as o,b as r}from"./chunk-ZXAECA4Z.js";import"./chunk-BPQ56KRF.js";import"./chunk-7XZSI3R2.js";import"./chunk-DMXNBUTR.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
