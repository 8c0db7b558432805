import{a as o,b as r}from"./chunk-YOV27YTF.js";import"./chunk-BPQ56KRF.js";import"./chunk-CFOOCMGC.js";import"./chunk-MQGVGK3B.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
