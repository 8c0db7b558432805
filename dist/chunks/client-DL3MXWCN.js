import{a as o,b as r}from"./chunk-P22NHRLP.js";import"./chunk-VM5UBMPX.js";import"./chunk-RFFMJNK4.js";import"./chunk-JIKWX3ND.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
