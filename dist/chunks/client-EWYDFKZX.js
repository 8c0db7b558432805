import{a as o,b as r}from"./chunk-W5JEZQIP.js";import"./chunk-BU7DNHXG.js";import"./chunk-25VFFLSA.js";import"./chunk-OO3VN7QB.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
