import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c,d}from"./chunk-W45XWQIF.js";import"./chunk-UQ5ZFFYX.js";import"./chunk-JMQJDRFG.js";export{b as eventsIn,a as jobsInFile,c as nameIn,d as pushPathsIn};
