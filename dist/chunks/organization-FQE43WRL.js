import{a as o,b as r,c as m}from"./chunk-ZFUZNHII.js";import"./chunk-DDW23LVA.js";import"./chunk-XICR2N6J.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
