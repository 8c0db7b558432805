process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-KHHR7Z3K.js");
