import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a as t,g as o,h as n}from"./chunk-KI5PESOH.js";import"./chunk-JMQJDRFG.js";var x=new t;function s(e,i,...r){let c=o.plugin(...r);return new c(n(e,i))}export{x as context,s as getOctokit};
