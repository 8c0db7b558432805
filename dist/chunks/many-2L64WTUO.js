import{a as o,b as r,c as m}from"./chunk-LA6WE2PI.js";import"./chunk-EBHP2YKW.js";import"./chunk-NHDB4L43.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
