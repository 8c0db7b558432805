import{a as o,b as r}from"./chunk-C7Y3LQPX.js";import"./chunk-BU7DNHXG.js";import"./chunk-PJB2ZI2L.js";import"./chunk-W5DM36TP.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
