import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{f as a,g as b}from"./chunk-ZME57BJW.js";import"./chunk-NLK77E5Q.js";import"./chunk-XWVAFJFX.js";import"./chunk-U2AV3FNQ.js";import"./chunk-Q5W3BDGH.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{b as addressIn,a as keepComments};
