import{a as o,b as r}from"./chunk-UMJ6EZ2T.js";import"./chunk-BU7DNHXG.js";import"./chunk-3TDQYKH3.js";import"./chunk-SE5M6VVC.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
