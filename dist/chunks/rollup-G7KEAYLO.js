import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c}from"./chunk-MNV4T7GL.js";import"./chunk-UTFOUZR7.js";import"./chunk-VYTYXNK3.js";import"./chunk-Y7EBFH3B.js";import"./chunk-RJ52LI45.js";import"./chunk-QPI6JDFR.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{c as fails,a as rollUp,b as statusOf};
