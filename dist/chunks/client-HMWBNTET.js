import{a as o,b as r}from"./chunk-MNCPFKNN.js";import"./chunk-BU7DNHXG.js";import"./chunk-YDFGEVX5.js";import"./chunk-32PR2BFA.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
