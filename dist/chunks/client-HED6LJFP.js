import{a as o,b as r}from"./chunk-3OLGWOVP.js";import"./chunk-BU7DNHXG.js";import"./chunk-J4GNQSKF.js";import"./chunk-XBCUM5XU.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
