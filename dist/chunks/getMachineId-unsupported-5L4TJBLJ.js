import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{p as o}from"./chunk-IT4O7MDM.js";import"./chunk-JMQJDRFG.js";async function e(){o.debug("could not read machine-id: unsupported platform")}export{e as getMachineId};
