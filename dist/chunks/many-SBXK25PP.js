import{a as o,b as r,c as m}from"./chunk-QU5FOSUR.js";import"./chunk-I3PBQKYH.js";import"./chunk-RHUSMYSJ.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
