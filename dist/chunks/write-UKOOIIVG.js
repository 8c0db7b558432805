import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c,d}from"./chunk-BOEOC3LR.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{b as save,c as saveWhole,d as writeNew,a as writePage};
