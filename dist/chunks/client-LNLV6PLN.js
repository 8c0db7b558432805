import{a as o,b as r}from"./chunk-TK3WPHBC.js";import"./chunk-BPQ56KRF.js";import"./chunk-PCYIQXXE.js";import"./chunk-PKQV3ZD4.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
