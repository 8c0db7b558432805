import{a as o,b as r}from"./chunk-LBLJRVQJ.js";import"./chunk-BPQ56KRF.js";import"./chunk-SMIUSEAQ.js";import"./chunk-C4L4X6EM.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
