import{a as o,b as r}from"./chunk-6VKQAYTM.js";import"./chunk-BU7DNHXG.js";import"./chunk-5IBITQCN.js";import"./chunk-H67LY3KD.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
