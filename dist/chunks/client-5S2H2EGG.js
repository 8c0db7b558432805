import{a as o,b as r}from"./chunk-7B7YQEHT.js";import"./chunk-BPQ56KRF.js";import"./chunk-BCXB7E4F.js";import"./chunk-DG5BWGWV.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
