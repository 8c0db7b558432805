import{a as o,b as r,c as m}from"./chunk-M3NTPPGV.js";import"./chunk-PJB2ZI2L.js";import"./chunk-W5DM36TP.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
