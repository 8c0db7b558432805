import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b}from"./chunk-AXL44I7G.js";import"./chunk-JMQJDRFG.js";export{b as errorBlocks,a as setUpComment};
