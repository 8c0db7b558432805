import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{a as r}from"./chunk-BADHMGFQ.js";import{p as i}from"./chunk-IT4O7MDM.js";import"./chunk-JMQJDRFG.js";async function a(){try{let t=(await r('ioreg -rd1 -c "IOPlatformExpertDevice"')).stdout.split(`
`).find(n=>n.includes("IOPlatformUUID"));if(!t)return;let e=t.split('" = "');if(e.length===2)return e[1].slice(0,-1)}catch(t){i.debug(`error reading machine id: ${t}`)}}export{a as getMachineId};
