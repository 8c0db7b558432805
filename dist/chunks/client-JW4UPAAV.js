import{a as o,b as r}from"./chunk-KWKBYKQU.js";import"./chunk-BPQ56KRF.js";import"./chunk-6P7M7WTR.js";import"./chunk-DBML2IU7.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
