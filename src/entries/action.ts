/** Where a runner starts: says so at once, and only then loads what a run is made of. */
process.stdout.write('Deploy latency guard: how long until it was live?\n');
await import('./step.ts');

export {};
