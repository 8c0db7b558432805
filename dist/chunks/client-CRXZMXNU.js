import{a as o,b as r}from"./chunk-JI4FDXQ3.js";import"./chunk-BPQ56KRF.js";import"./chunk-EWHX4V3K.js";import"./chunk-QDOEX2M7.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
