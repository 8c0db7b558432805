import{a as o,b as r}from"./chunk-J3SHTQNI.js";import"./chunk-VM5UBMPX.js";import"./chunk-H74WAQ43.js";import"./chunk-T3TYM5EL.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
