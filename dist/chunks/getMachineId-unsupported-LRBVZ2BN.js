import{p as e}from"./chunk-NJMESUSN.js";import"./chunk-PHKIAKHS.js";async function d(){e.debug("could not read machine-id: unsupported platform")}export{d as getMachineId};
