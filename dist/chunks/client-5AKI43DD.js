import{a as o,b as r}from"./chunk-XK6GYSXA.js";import"./chunk-QVEG5Q46.js";import"./chunk-MTE6IU4D.js";import"./chunk-7YWVBPRQ.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
