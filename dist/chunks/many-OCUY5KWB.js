import{a as o,b as r,c as m}from"./chunk-QKS557GL.js";import"./chunk-EQ6NMFPZ.js";import"./chunk-IIGFAWCG.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
