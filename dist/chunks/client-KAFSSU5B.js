import{a as o,b as r}from"./chunk-2FVITHXS.js";import"./chunk-BPQ56KRF.js";import"./chunk-GSJZEU7F.js";import"./chunk-R6C2X57D.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
