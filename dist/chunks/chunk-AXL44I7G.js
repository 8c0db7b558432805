import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
function t(e){return[{kind:"heading",level:3,text:["\u26AA Merged now, live when? Nothing is known yet"]},{kind:"paragraph",text:[e]}]}function n(e){return[{kind:"heading",level:2,text:["\u26AA Deploy latency: no answer"]},{kind:"paragraph",text:[e]}]}export{t as a,n as b};
