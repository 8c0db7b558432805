import{a as o,b as r}from"./chunk-BDLINHJL.js";import"./chunk-BU7DNHXG.js";import"./chunk-FKEOB6GL.js";import"./chunk-CJ6RJYNS.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
