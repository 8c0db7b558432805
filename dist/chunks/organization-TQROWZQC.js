import{a as o,b as r,c as m}from"./chunk-DO2TKF6N.js";import"./chunk-BWNE6ARF.js";import"./chunk-SOGSXDUL.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
