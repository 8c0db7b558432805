import{a as o,b as r}from"./chunk-OW2XX6IJ.js";import"./chunk-BPQ56KRF.js";import"./chunk-WHD3IW6M.js";import"./chunk-A7T5JTRR.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
