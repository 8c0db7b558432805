import{a as o,b as r,c as m}from"./chunk-4ZGERS6F.js";import"./chunk-BXIB3TUZ.js";import"./chunk-UILYPU3B.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
