/** Where a runner starts the action for organizations: says so at once, and only then loads what a run is made of. */
process.stdout.write('Deploy latency guard: how long until it was live, in many repositories?\n');
await import('./organization-step.ts');

export {};
