import{a as o,b as r,c as m}from"./chunk-DQ4DHM3P.js";import"./chunk-KCF2B2AF.js";import"./chunk-37TI43E7.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
