import{a}from"./chunk-EPIZESJV.js";import"./chunk-L2HFG3QJ.js";import"./chunk-EMBIDUMY.js";export{a as devlakeLinesOf};
