import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c,d}from"./chunk-UIEXSLYK.js";import"./chunk-UMTUCTVV.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{a as ORGANIZATION_INPUTS,b as ORGANIZATION_INPUT_NAMES,c as listIn,d as organizationOf};
