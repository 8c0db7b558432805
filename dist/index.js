process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-I3UE3X5D.js");
