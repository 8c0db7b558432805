import{a as o,b as r}from"./chunk-VY2D7SEB.js";import"./chunk-BPQ56KRF.js";import"./chunk-3UGE2WTK.js";import"./chunk-RQMHGPVU.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
