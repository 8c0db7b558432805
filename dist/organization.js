process.stdout.write(`Deploy latency guard: how long until it was live, in many repositories?
`);await import("./chunks/organization-step-P6T33DXE.js");
