import{a as o,b as r}from"./chunk-CMKCD6TX.js";import"./chunk-BU7DNHXG.js";import"./chunk-KCF2B2AF.js";import"./chunk-37TI43E7.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
