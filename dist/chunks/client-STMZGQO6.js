import{a as o,b as r}from"./chunk-2FBDZHN6.js";import"./chunk-VM5UBMPX.js";import"./chunk-2S4U535Z.js";import"./chunk-3CXALRUF.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
