import{a as o,b as r}from"./chunk-OQWD76OO.js";import"./chunk-BU7DNHXG.js";import"./chunk-PAJBGNHD.js";import"./chunk-PMJYHLUI.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
