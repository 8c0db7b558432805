import{a as o,b as r,c as m}from"./chunk-KG5PHWWZ.js";import"./chunk-PKN76KKP.js";import"./chunk-WK5X6GTG.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
