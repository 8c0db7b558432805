import{a as o,b as r}from"./chunk-YBGFDZSN.js";import"./chunk-VM5UBMPX.js";import"./chunk-RI2VICR3.js";import"./chunk-3ZQRBR2Z.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
