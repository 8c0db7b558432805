import{a as o,b as r}from"./chunk-GWLP2ZNL.js";import"./chunk-VM5UBMPX.js";import"./chunk-W3SAAM4O.js";import"./chunk-4F76347E.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
