import{a as o,b as r}from"./chunk-4HSD23GH.js";import"./chunk-IQMB6LLV.js";import"./chunk-ZOSZTRNU.js";import"./chunk-QVEG5Q46.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
