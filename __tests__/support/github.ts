import { appendFileSync } from 'node:fs';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { executeAsGitHub } from './schema.ts';

/** Starts a fake GitHub with the published schema. Appends its requests to the file RECORD_REQUESTS, for `npm run contract`. */
export async function startGitHub(world: World, options: LoopbackOptions = {}): Promise<Loopback> {
  const github = await startLoopback(world, { execute: executeAsGitHub, ...options });
  const { RECORD_REQUESTS: file } = process.env;
  const close = async () => {
    await github.close();
    if (file)
      for (const { began: _, ended: __, ...request } of github.requests)
        appendFileSync(file, `${JSON.stringify(request)}\n`);
  };
  return { ...github, close };
}

/** Serves a world while `use` runs. */
export async function withGitHub<T>(
  world: World,
  options: LoopbackOptions,
  use: (github: Loopback) => Promise<T>,
): Promise<T> {
  const github = await startGitHub(world, options);
  try {
    return await use(github);
  } finally {
    await github.close();
  }
}
