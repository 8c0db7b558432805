/** Entry point of the organization action. Prints its first line before it loads the rest. */
process.stdout.write('Deploy latency guard: how long from merge to live, in many repositories?\n');
await import('./organization-step.ts');

export {};
