import{a as o,b as r}from"./chunk-BU4H3K2N.js";import"./chunk-VM5UBMPX.js";import"./chunk-BQEPHV4U.js";import"./chunk-A24VVLXZ.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
