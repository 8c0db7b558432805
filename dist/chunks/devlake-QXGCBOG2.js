import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a}from"./chunk-HZL3TZR7.js";import"./chunk-SREHKMH6.js";import"./chunk-JMQJDRFG.js";export{a as devlakeLinesOf};
