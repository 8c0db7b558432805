process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-VPHC2M7E.js");
