import{a as o,b as r,c as m}from"./chunk-ZUJWYRTR.js";import"./chunk-6U77RNH3.js";import"./chunk-I46TAVJW.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
