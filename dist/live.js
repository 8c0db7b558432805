process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-RKKECNU6.js");
