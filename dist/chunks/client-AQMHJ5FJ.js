import{a as o,b as r}from"./chunk-4YRTXQGF.js";import"./chunk-BPQ56KRF.js";import"./chunk-P7AV7Z72.js";import"./chunk-5FZONZNG.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
