import{a as o,b as r}from"./chunk-P27KOXJ4.js";import"./chunk-BPQ56KRF.js";import"./chunk-LZOSSXKW.js";import"./chunk-36OMKQPD.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
