import{a as o,b as r}from"./chunk-OIWWIVH3.js";import"./chunk-QVEG5Q46.js";import"./chunk-Z7IEMAKW.js";import"./chunk-GM3T53JG.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
