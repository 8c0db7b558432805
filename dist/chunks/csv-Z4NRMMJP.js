import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b}from"./chunk-AKMZANDP.js";import"./chunk-VGZDBLG5.js";import"./chunk-JMQJDRFG.js";export{b as csv,a as csvOf};
