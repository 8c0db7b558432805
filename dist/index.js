process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-NAWM2I74.js");
