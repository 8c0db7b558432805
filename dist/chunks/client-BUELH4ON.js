import{a as o,b as r}from"./chunk-NOAEYXH3.js";import"./chunk-BPQ56KRF.js";import"./chunk-4A7I46YI.js";import"./chunk-WUOOWISM.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
