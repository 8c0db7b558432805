import{a as o,b as r}from"./chunk-VMCDCUIE.js";import"./chunk-BPQ56KRF.js";import"./chunk-PKDSFPSW.js";import"./chunk-XS2YJQTN.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
