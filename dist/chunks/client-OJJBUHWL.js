import{a as o,b as r}from"./chunk-A5YKTR6R.js";import"./chunk-BU7DNHXG.js";import"./chunk-WFT4ZKTP.js";import"./chunk-FQWL42KL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
