/** Entry point of the action. Prints its first line before it loads the rest, so that a log is never empty. */
process.stdout.write('Deploy latency guard: how long from merge to live?\n');
await import('./step.ts');

export {};
