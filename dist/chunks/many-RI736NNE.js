import{a as o,b as r,c as m}from"./chunk-PMQ7VPKZ.js";import"./chunk-QRTEZQC7.js";import"./chunk-SKKQ5WEN.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
