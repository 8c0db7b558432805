import{a as o,b as r}from"./chunk-UVDDZS23.js";import"./chunk-BU7DNHXG.js";import"./chunk-WWH3CUFM.js";import"./chunk-CE5FUEU6.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
