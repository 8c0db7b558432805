import{a as o,b as r,c as m}from"./chunk-6NCUGXOH.js";import"./chunk-3TDQYKH3.js";import"./chunk-SE5M6VVC.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
