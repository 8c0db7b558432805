process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-MU5WE4MY.js");
