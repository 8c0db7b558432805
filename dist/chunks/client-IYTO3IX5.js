import{a as o,b as r}from"./chunk-F6QA3CWL.js";import"./chunk-BU7DNHXG.js";import"./chunk-V4L7APGM.js";import"./chunk-UFQPM5ZE.js";import"./chunk-EMBIDUMY.js";export{o as connect,r as connectWriter};
