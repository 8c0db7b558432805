import{a as o,b as r}from"./chunk-IQJIFDRI.js";import"./chunk-BPQ56KRF.js";import"./chunk-Z7X43KK2.js";import"./chunk-47AS2JZ6.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
