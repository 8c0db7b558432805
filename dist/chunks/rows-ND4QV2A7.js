import{a,b,c}from"./chunk-L3AKV4OC.js";import"./chunk-EMBIDUMY.js";export{a as COLUMNS,c as jsonLinesOf,b as rowsOf};
