import { GuardError, oneLine } from '../model/guard-error.ts';

/** An input that cannot be used. The line names the input, the value and what is accepted. */
export function badInput(input: string, value: string, accepted: string): GuardError {
  return new GuardError(`Input "${input}" is "${oneLine(value)}"; accepted: ${accepted}.`);
}
