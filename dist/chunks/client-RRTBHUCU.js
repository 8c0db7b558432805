import{a as o,b as r}from"./chunk-DULC2B76.js";import"./chunk-BU7DNHXG.js";import"./chunk-IIW4OFWS.js";import"./chunk-GNRIUVK7.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
