process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-OWV5YH7C.js");
