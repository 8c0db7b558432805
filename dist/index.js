process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-6LYNS5T3.js");
