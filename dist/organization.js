process.stdout.write(`Deploy latency guard: how long from merge to live, in many repositories?
`);await import("./chunks/organization-step-765G4W2I.js");
