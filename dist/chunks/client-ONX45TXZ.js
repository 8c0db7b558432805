import{a as o,b as r}from"./chunk-2DJNKGEI.js";import"./chunk-QVEG5Q46.js";import"./chunk-M5DW2TQC.js";import"./chunk-B2ERYQVF.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
