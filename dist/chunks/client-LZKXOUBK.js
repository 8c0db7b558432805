import{a as o,b as r}from"./chunk-JVC2KZUL.js";import"./chunk-BPQ56KRF.js";import"./chunk-LPHE5JV5.js";import"./chunk-R45YYL4W.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
