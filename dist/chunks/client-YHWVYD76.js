import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b}from"./chunk-UIEHRMZI.js";import"./chunk-WHEFYC5T.js";import"./chunk-Q5W3BDGH.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{a as connect,b as connectWriter};
