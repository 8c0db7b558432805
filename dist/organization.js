process.stdout.write(`Deploy latency guard: how long until it was live, in many repositories?
`);await import("./chunks/organization-step-3IF72GYT.js");
