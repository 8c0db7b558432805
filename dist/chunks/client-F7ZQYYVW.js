import{a as o,b as r}from"./chunk-AH3AX5PX.js";import"./chunk-BU7DNHXG.js";import"./chunk-QIF7MMWE.js";import"./chunk-553MM2K7.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
