import{a as o,b as r}from"./chunk-AXGXAH2F.js";import"./chunk-BU7DNHXG.js";import"./chunk-KEXWK2HJ.js";import"./chunk-PJ3B3Q7R.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
