import{a as o,b as r}from"./chunk-TEAESLHL.js";import"./chunk-QVEG5Q46.js";import"./chunk-BZNKW2HC.js";import"./chunk-YCZQ4SWF.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
