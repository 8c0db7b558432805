import{a as o,b as r}from"./chunk-UBHS242M.js";import"./chunk-BPQ56KRF.js";import"./chunk-QY7QNWTV.js";import"./chunk-KYEIOIDB.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
