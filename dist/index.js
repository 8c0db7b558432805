process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-72M32N3A.js");
