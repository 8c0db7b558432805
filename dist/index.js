process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-VMYKJ75S.js");
