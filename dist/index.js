process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-6GKCXYYQ.js");
