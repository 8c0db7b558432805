import{a as o,b as r}from"./chunk-FRGEDN53.js";import"./chunk-BPQ56KRF.js";import"./chunk-B3VKYJ5G.js";import"./chunk-ICT2W6QW.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
