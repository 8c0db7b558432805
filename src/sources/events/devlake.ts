/** DevLake's words for environments other than production, and the names that they match. */
const WORDS = [
  ['STAGING', /stag|\bpre-?prod|\buat\b/i],
  ['TESTING', /test|\bqa\b/i],
  ['DEVELOPMENT', /\bdev/i],
] as const;

/** DevLake's word for an environment. Any other name is production, because the guard measures what is live. */
export const devlakeWordOf = (environment: string): string =>
  WORDS.find(([, pattern]) => pattern.test(environment))?.[0] ?? 'PRODUCTION';
