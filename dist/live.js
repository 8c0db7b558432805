process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-KA3F2PDP.js");
