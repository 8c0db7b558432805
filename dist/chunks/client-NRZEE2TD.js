import{a as o,b as r}from"./chunk-QHDNHI7D.js";import"./chunk-UUECHFPC.js";import"./chunk-ZILTLX5X.js";import"./chunk-QVEG5Q46.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
