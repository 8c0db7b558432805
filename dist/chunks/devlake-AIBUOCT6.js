import{a as o}from"./chunk-SVFE2SWD.js";import"./chunk-L2HFG3QJ.js";import"./chunk-BQEPHV4U.js";import"./chunk-A24VVLXZ.js";import"./chunk-EMBIDUMY.js";export{o as devlakeLinesOf};
