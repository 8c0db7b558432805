process.stdout.write(`Deploy latency guard: how long until it was live, in many repositories?
`);await import("./chunks/organization-step-M5QHD7BU.js");
