import{a as o,b as r}from"./chunk-6GO26CPA.js";import"./chunk-VM5UBMPX.js";import"./chunk-3HP5AYPS.js";import"./chunk-YQILHGXK.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
