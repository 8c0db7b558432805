import{a as o,b as r}from"./chunk-2INKIEXV.js";import"./chunk-BPQ56KRF.js";import"./chunk-MQESLF3X.js";import"./chunk-NJ4I2PSX.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
