import{a as o,b as r}from"./chunk-SUTPXUAV.js";import"./chunk-BPQ56KRF.js";import"./chunk-E3HL2M7O.js";import"./chunk-4CU4XP5G.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
