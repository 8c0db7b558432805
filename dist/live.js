process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-PZS3O7VV.js");
