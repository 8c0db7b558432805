import{a as o,b as r}from"./chunk-NJS6AKPG.js";import"./chunk-BPQ56KRF.js";import"./chunk-3S7RDZDM.js";import"./chunk-T7EBJMS2.js";import"./chunk-PHKIAKHS.js";export{o as connect,r as connectWriter};
