process.stdout.write(`Deploy latency guard: does production run this commit?
`);await import("./chunks/live-step-MM7NC3BF.js");
