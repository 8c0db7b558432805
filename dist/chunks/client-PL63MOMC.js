import{a as o,b as r}from"./chunk-WYJM7SEA.js";import"./chunk-BU7DNHXG.js";import"./chunk-NCLIR57O.js";import"./chunk-SNRVQWKI.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
