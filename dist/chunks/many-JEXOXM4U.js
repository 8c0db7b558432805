import{a as o,b as r,c as m}from"./chunk-JSHVHMKD.js";import"./chunk-DSWUJRIL.js";import"./chunk-UDGL7X5M.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
