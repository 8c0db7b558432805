import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{n as o}from"./chunk-GQVLQZUM.js";import"./chunk-JMQJDRFG.js";async function e(){o.debug("could not read machine-id: unsupported platform")}export{e as getMachineId};
