import{a as o,b as r,c as m}from"./chunk-XUF65SHY.js";import"./chunk-KEXWK2HJ.js";import"./chunk-PJ3B3Q7R.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
