import{a as o,b as r,c as m}from"./chunk-WICKO76E.js";import"./chunk-67I75WNQ.js";import"./chunk-6JAB6SZW.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
