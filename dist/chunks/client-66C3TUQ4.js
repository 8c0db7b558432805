import{a as o,b as r}from"./chunk-S2S5AV25.js";import"./chunk-BPQ56KRF.js";import"./chunk-7Q6OLTFY.js";import"./chunk-PVB3GV4Q.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
