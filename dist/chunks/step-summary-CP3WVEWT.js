import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c}from"./chunk-66MTJRFH.js";import"./chunk-AXL44I7G.js";import"./chunk-BYBKUI7T.js";import"./chunk-QPI6JDFR.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{c as errorSummary,b as inParts,a as summaryOn};
