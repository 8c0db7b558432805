import{a as o,b as r}from"./chunk-UYI6FJKF.js";import"./chunk-BPQ56KRF.js";import"./chunk-J2JHIC2N.js";import"./chunk-UWNFHOQF.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
