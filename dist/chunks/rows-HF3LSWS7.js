import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c}from"./chunk-VGZDBLG5.js";import"./chunk-JMQJDRFG.js";export{a as COLUMNS,c as jsonLinesOf,b as rowsOf};
