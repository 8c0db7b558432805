process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-A5N3DR3Z.js");
