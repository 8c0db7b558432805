import{a as o,b as r}from"./chunk-3YKOVW62.js";import"./chunk-BU7DNHXG.js";import"./chunk-VEHFB5IL.js";import"./chunk-5G3CCFDU.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
