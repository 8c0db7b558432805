import{a as o,b as r}from"./chunk-3YGUO3JW.js";import"./chunk-BPQ56KRF.js";import"./chunk-OPLJINHZ.js";import"./chunk-7FVQPU52.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
