import{a as o,b as r}from"./chunk-F24XYRMA.js";import"./chunk-MRX65EHW.js";import"./chunk-TAC254V4.js";import"./chunk-TANOWERD.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
