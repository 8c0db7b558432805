import{a as o,b as r}from"./chunk-NXVRWX5B.js";import"./chunk-VM5UBMPX.js";import"./chunk-B6BGF5QA.js";import"./chunk-2P4UMZ3G.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
