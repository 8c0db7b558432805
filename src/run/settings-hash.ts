import { createHash } from 'node:crypto';
import { differenceInSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { Service } from '../model/service.ts';

/** Hashes of settings, to recognize what an earlier run with the same settings wrote. */

/** 16 hexadecimal digits. */
export function hashOf(settings: unknown): string {
  const text = JSON.stringify(settings, (_, value) => (value instanceof Set ? [...value].sort() : value));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A hash of all settings that comments and issues depend on. */
export function hashOfTexts(
  services: readonly Service[],
  { window, widen, weeks, stages, splits, freezes, mention }: Settings,
): string {
  const seconds = differenceInSeconds(window.to, window.from);
  return hashOf([services, seconds, widen, weeks, stages, splits, freezes, mention]);
}
