process.stdout.write(`Deploy latency guard: how long until it was live, in many repositories?
`);await import("./chunks/organization-step-4UZYVIX5.js");
