import{p as o}from"./chunk-AVOXCQAN.js";import"./chunk-EMBIDUMY.js";async function e(){o.debug("could not read machine-id: unsupported platform")}export{e as getMachineId};
