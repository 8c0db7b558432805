import{a as o,b as r}from"./chunk-LL22WQDF.js";import"./chunk-BPQ56KRF.js";import"./chunk-RA65LLWN.js";import"./chunk-PAGCKK6S.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
