import{a as o,b as r}from"./chunk-JD2EPB3R.js";import"./chunk-BU7DNHXG.js";import"./chunk-LUOMJXIF.js";import"./chunk-RCLPZ4K2.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
