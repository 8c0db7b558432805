import{a as o,b as r,c as m}from"./chunk-QVQTDRHJ.js";import"./chunk-3MQY4SDY.js";import"./chunk-HNE7AJYJ.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
