import{a as o,b as r,c as m}from"./chunk-RQMXYZAR.js";import"./chunk-WFT4ZKTP.js";import"./chunk-FQWL42KL.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
