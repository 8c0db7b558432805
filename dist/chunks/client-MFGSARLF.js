import{a as o,b as r}from"./chunk-FW4YY43C.js";import"./chunk-BU7DNHXG.js";import"./chunk-S7J4ORMP.js";import"./chunk-2BFEWKWR.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
