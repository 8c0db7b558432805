import{a as o,b as r}from"./chunk-AYT3ZBDM.js";import"./chunk-BPQ56KRF.js";import"./chunk-FACMOAI5.js";import"./chunk-2QVXQ2JA.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
