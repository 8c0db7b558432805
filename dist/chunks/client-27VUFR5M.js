import{a as o,b as r}from"./chunk-74R4FNS2.js";import"./chunk-BU7DNHXG.js";import"./chunk-N2JVZ2FZ.js";import"./chunk-R54ELAYX.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
