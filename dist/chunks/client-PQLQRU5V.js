import{a as o,b as r}from"./chunk-CDMDRDY4.js";import"./chunk-VM5UBMPX.js";import"./chunk-B6CSJ7VE.js";import"./chunk-EZQXDXIK.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
