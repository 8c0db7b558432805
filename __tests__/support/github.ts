import { type Loopback, type LoopbackOptions, startLoopback } from '../../src/demo/loopback.ts';
import type { World } from '../../src/demo/world.ts';
import { executeAsGitHub } from './schema.ts';

/** Serves a world by GitHub's schema and rules while `use` runs. */
export async function withGitHub<T>(
  world: World,
  options: LoopbackOptions,
  use: (github: Loopback) => Promise<T>,
): Promise<T> {
  const github = await startLoopback(world, { execute: executeAsGitHub, ...options });
  try {
    return await use(github);
  } finally {
    await github.close();
  }
}
