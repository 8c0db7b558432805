import{a as o,b as r,c as m}from"./chunk-5DDGIK2E.js";import"./chunk-NCLIR57O.js";import"./chunk-SNRVQWKI.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
