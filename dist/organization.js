process.stdout.write(`Deploy latency guard: how long from merge to live, in many repositories?
`);await import("./chunks/organization-step-C32LQYD6.js");
