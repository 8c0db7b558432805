import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b}from"./chunk-S2AJELYH.js";import"./chunk-ECX4HQKD.js";import"./chunk-KI5PESOH.js";import"./chunk-TMLLYZNL.js";import"./chunk-JMQJDRFG.js";export{a as connect,b as connectWriter};
