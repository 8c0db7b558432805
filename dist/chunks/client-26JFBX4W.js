import{a as o,b as r}from"./chunk-PTM6CIWZ.js";import"./chunk-BU7DNHXG.js";import"./chunk-SCFRWDLB.js";import"./chunk-7FEZBRPX.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
