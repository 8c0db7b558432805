process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-WN2OKV3R.js");
