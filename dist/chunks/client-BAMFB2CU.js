import{a as o,b as r}from"./chunk-NIQKSAQZ.js";import"./chunk-VM5UBMPX.js";import"./chunk-JJI2QU6Q.js";import"./chunk-5RXFNI4I.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
