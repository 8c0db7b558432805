import{a as o,b as r}from"./chunk-SOFTUJVU.js";import"./chunk-BPQ56KRF.js";import"./chunk-3FOR3EPR.js";import"./chunk-WEW3I7OD.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
