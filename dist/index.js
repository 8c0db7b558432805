process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-F6J7RAQM.js");
