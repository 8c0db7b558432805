import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
process.stdout.write(`Deploy latency guard: how long until it was live?
`);await import("./chunks/step-Q5ZUPKPM.js");
