import{a,b}from"./chunk-XUMI6NTK.js";import"./chunk-QVEG5Q46.js";import"./chunk-HCTRRCGQ.js";import"./chunk-OQ4U36RH.js";import"./chunk-EMBIDUMY.js";export{a as connect,b as connectWriter};
