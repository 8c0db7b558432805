import{a as o,b as r}from"./chunk-6I3HTBZA.js";import"./chunk-BPQ56KRF.js";import"./chunk-BLKKXGUQ.js";import"./chunk-EV4ASA5D.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
