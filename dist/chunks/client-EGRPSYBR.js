import{a as o,b as r}from"./chunk-5SW6EH3K.js";import"./chunk-BU7DNHXG.js";import"./chunk-EQ6NMFPZ.js";import"./chunk-IIGFAWCG.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
