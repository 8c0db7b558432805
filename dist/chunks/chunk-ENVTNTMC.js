import{a as r}from"./chunk-SH22BJ7Q.js";function g(e,i){let t=n=>r(n,e);return i.filter(n=>t(n)<=Math.max(2,n.length/3)).sort((n,s)=>t(n)-t(s))[0]}export{g as a};
