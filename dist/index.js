process.stdout.write(`Deploy latency guard: how long from merge to live?
`);await import("./chunks/step-BOM2JUC2.js");
