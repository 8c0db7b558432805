import{a as o,b as r}from"./chunk-WBU6Y2VK.js";import"./chunk-BPQ56KRF.js";import"./chunk-HUMFJCWX.js";import"./chunk-57272SL5.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
