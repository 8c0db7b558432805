import{a as o,b as r}from"./chunk-CQR6WK6N.js";import"./chunk-BPQ56KRF.js";import"./chunk-NT4MC6AH.js";import"./chunk-DBPITZEG.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
