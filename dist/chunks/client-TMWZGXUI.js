import{a as o,b as r}from"./chunk-ZGN6NOVS.js";import"./chunk-BU7DNHXG.js";import"./chunk-B4VW3YU4.js";import"./chunk-JKVU4B7G.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
