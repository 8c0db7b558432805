import{a as o,b as r}from"./chunk-4ZJFZ5SD.js";import"./chunk-BPQ56KRF.js";import"./chunk-OZSTKY3E.js";import"./chunk-CKVLY7OX.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
