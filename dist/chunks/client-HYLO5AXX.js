import{a as o,b as r}from"./chunk-FXXAZAH4.js";import"./chunk-BU7DNHXG.js";import"./chunk-W23U55ON.js";import"./chunk-ZKZYRCIX.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
