process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-2RG5SNMT.js");
