import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b}from"./chunk-35JG7BGC.js";import"./chunk-WHEFYC5T.js";import"./chunk-UR7W2AGN.js";import"./chunk-OZ4KCL6T.js";import"./chunk-JMQJDRFG.js";export{a as connect,b as connectWriter};
