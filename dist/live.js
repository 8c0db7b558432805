process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-NR5PXR3V.js");
