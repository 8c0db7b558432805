import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a,b,c,d,e}from"./chunk-FO3HK4YA.js";import"./chunk-AKMZANDP.js";import"./chunk-VGZDBLG5.js";import"./chunk-H54GWW2S.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";export{b as blocksOf,e as csvOfRollup,d as jsonOf,a as sentenceOf,c as storyOf};
