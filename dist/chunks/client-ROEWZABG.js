import{a as o,b as r}from"./chunk-PLB5RA5C.js";import"./chunk-VTOYYHNO.js";import"./chunk-TVNYCFWR.js";import"./chunk-QVEG5Q46.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
