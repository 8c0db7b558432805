import{a as o,b as r}from"./chunk-MPAEXTKZ.js";import"./chunk-BPQ56KRF.js";import"./chunk-H2D6NPGY.js";import"./chunk-L4PZZGNO.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
