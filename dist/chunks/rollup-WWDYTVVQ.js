import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c}from"./chunk-HGLHUI6C.js";import"./chunk-NVHE33SG.js";import"./chunk-HGSHMDFW.js";import"./chunk-5OPQMTZC.js";import"./chunk-JCMP6C52.js";import"./chunk-AE5KURQB.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{c as fails,a as rollUp,b as statusOf};
