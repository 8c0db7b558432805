import{a as o,b as r}from"./chunk-64R5IAC3.js";import"./chunk-VM5UBMPX.js";import"./chunk-AQN5E3LV.js";import"./chunk-QVJJI7OH.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
