import{a as o,b as r}from"./chunk-MHSL33Q3.js";import"./chunk-MRX65EHW.js";import"./chunk-H4NCX7OD.js";import"./chunk-5YMHAXAP.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
