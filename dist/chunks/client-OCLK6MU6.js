import{a as o,b as r}from"./chunk-B3RZ46MG.js";import"./chunk-BPQ56KRF.js";import"./chunk-CVKGRZHG.js";import"./chunk-NQM7HHNG.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
