/** The four words that DevLake knows of environments, and what a name is taken for one by. */

const WORDS = [
  ['STAGING', /stag|\bpre-?prod|\buat\b/i],
  ['TESTING', /test|\bqa\b/i],
  ['DEVELOPMENT', /\bdev/i],
] as const;

/**
 * DevLake's word for an environment. One that is none of staging, testing and development by its name is production, as
 * the environment that a guard is set to is what is live.
 */
export const devlakeWordOf = (environment: string): string =>
  WORDS.find(([, pattern]) => pattern.test(environment))?.[0] ?? 'PRODUCTION';
