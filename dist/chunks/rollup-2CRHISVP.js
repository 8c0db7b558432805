import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c}from"./chunk-GHTFWU5T.js";import"./chunk-GFYHY36Z.js";import"./chunk-4VSBO43Q.js";import"./chunk-IBFUT4FK.js";import"./chunk-R7FOFJWD.js";import"./chunk-AE5KURQB.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{c as fails,a as rollUp,b as statusOf};
