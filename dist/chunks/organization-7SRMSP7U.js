import{a as o,b as r,c as m}from"./chunk-JQ737QHS.js";import"./chunk-JIV5JFOI.js";import"./chunk-VW67VQQL.js";import"./chunk-EMBIDUMY.js";export{m as environmentsIn,o as listIn,r as organizationOf};
