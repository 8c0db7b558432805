import{a,b,c,d}from"./chunk-ZRE5Q52Q.js";import"./chunk-7KZF2UHA.js";import"./chunk-EMBIDUMY.js";export{b as eventsIn,a as jobsInFile,c as nameIn,d as pushPathsIn};
