process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-27K7JWZH.js");
