import{a as o,b as r}from"./chunk-MFESOZUC.js";import"./chunk-BPQ56KRF.js";import"./chunk-NSOMSGLL.js";import"./chunk-JLC2TJHJ.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
