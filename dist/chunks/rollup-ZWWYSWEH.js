import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c}from"./chunk-C47CPZB4.js";import"./chunk-WHE6LIHO.js";import"./chunk-C27O7YXY.js";import"./chunk-WQULWPTO.js";import"./chunk-HALBO6S7.js";import"./chunk-AE5KURQB.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{c as fails,a as rollUp,b as statusOf};
