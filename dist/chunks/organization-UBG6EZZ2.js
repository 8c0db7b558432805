import{a as o,b as r,c as m}from"./chunk-CMKDGQ25.js";import"./chunk-J4GNQSKF.js";import"./chunk-XBCUM5XU.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
