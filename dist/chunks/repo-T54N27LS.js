import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{x as a}from"./chunk-YXA7NEX5.js";import"./chunk-UR7W2AGN.js";import"./chunk-OZ4KCL6T.js";import"./chunk-JMQJDRFG.js";export{a as repoOf};
