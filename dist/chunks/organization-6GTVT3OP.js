import{a as o,b as r,c as m}from"./chunk-YFMBAKSU.js";import"./chunk-VEHFB5IL.js";import"./chunk-5G3CCFDU.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
