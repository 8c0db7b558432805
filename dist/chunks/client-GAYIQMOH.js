import{a as o,b as r}from"./chunk-MMGL6K3F.js";import"./chunk-BPQ56KRF.js";import"./chunk-WG7YHAFA.js";import"./chunk-AKGNAQK7.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
