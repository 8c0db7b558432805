import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
function p(e){return{eventName:"",eventDeployment:null,eventAction:null,pullRequest:null,pullRequestBase:null,isMerged:!1,runId:null,runUrl:null,job:null,guard:"",action:null,sha:null,eventRun:null,tag:null,workflow:null,hasSchedule:null,workspace:".",isProxied:!1,telemetry:null,...e}}function g(e,t){let[,n,r,l,s]=/^([^/]+)\/([^/]+)\/([^@]+)@(.+)$/.exec(e)??[];return!n||!r||!l||!s?null:{owner:n,name:r,path:l,commit:t||s}}function c(e){return new URL(e).hostname==="127.0.0.1"}function d(e){return["HTTPS_PROXY","https_proxy","HTTP_PROXY","http_proxy"].some(t=>e[t])}function m(e){return`${e.replace(/\/+$/,"").replace(/\/api\/v3$/,"/api")}/graphql`}async function f(e,t){if(!["","TRACES_","METRICS_"].some(r=>e[`OTEL_EXPORTER_OTLP_${r}ENDPOINT`]))return null;let{readTelemetry:n}=await import("./settings-45DH7WEV.js");return n(e,t)}import{Worker as u}from"node:worker_threads";var i=5e3,R='The guard kept the processor busy after "timeout" was over, so it was ended. There is no verdict. Report this as a bug, with the log.',o=500,a=`
const { writeSync } = require('node:fs');
const { workerData: { times, line, output } } = require('node:worker_threads');
setInterval(() => {
  const [pulse, deadline] = times;
  const now = Date.now();
  if (now < deadline || now - pulse < ${4*o}) return;
  writeSync(output, line);
  process.kill(process.pid, 'SIGKILL');
}, ${o});
`;function T(e,t){let n=new Float64Array(new SharedArrayBuffer(16)),r=null;return l=>{n.set([Date.now(),Date.now()+l*1e3+i]),r===null&&(r=new u(a,{eval:!0,workerData:{times:n,line:e,output:t}}),r.unref(),setInterval(()=>{n[0]=Date.now()},o).unref())}}export{p as a,g as b,c,d,m as e,f,R as g,T as h};
