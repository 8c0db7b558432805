/** Entry point of the action `live`. Prints its first line before it loads the rest. */
process.stdout.write('Deploy latency guard: does production run this commit?\n');
await import('./live-step.ts');

export {};
