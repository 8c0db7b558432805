import * as v from 'valibot';
import type { AlertMemory, AlertRecords } from '../model/alert-spell.ts';

/** The state of the alert as a hidden line of the weekly issue. The next run continues from it. */

const VERSION = 2;
/** Number of alerts to keep, the newest. */
const MOST_SPELLS = 26;
const HIDDEN = /^<!-- alerts: ([A-Za-z0-9+/=]+) -->$/m;

/** The line, in Base64, so that nothing in it can end the comment. */
export function hiddenAlerts(records: AlertRecords): string {
  const kept = Object.fromEntries(
    Object.entries(records).map(([service, memory]) => [
      service,
      { ...memory, spells: memory.spells.slice(-MOST_SPELLS) },
    ]),
  );
  return `<!-- alerts: ${Buffer.from(JSON.stringify({ version: VERSION, records: kept })).toString('base64')} -->`;
}

/** The records in an issue's body. Empty if the line is missing, damaged or of another version. */
export function alertsIn(body: string): AlertRecords {
  try {
    const text = Buffer.from(HIDDEN.exec(body.replaceAll('\r\n', '\n'))?.[1] ?? '', 'base64').toString();
    const content = JSON.parse(text) as { version?: unknown; records?: unknown };
    if (content.version !== VERSION || typeof content.records !== 'object' || content.records === null)
      return {};
    return Object.fromEntries(Object.entries(content.records).filter(([, memory]) => isMemory(memory)));
  } catch {
    return {};
  }
}

const number = v.pipe(v.number(), v.finite());
const memory = v.object({
  settings: v.string(),
  from: number,
  until: number,
  isKnownOff: v.boolean(),
  recent: v.array(number),
  lastDrift: v.nullable(number),
  backSince: v.nullable(number),
  drift: v.nullable(v.object({ windows: number, from: number, until: number })),
  spells: v.array(
    v.object({
      enteredAt: number,
      deployment: v.nullable(v.union([number, v.string()])),
      by: v.picklist(['votes', 'changes', 'waiting', 'lasting']),
      votes: v.object({ of: number, over: number }),
      chance: number,
      isCertain: v.boolean(),
      leftAt: v.nullable(number),
      left: v.nullable(v.picklist(['on-target', 'under-limit', 'not-sure'])),
      borneOut: v.nullable(v.boolean()),
      bearing: v.object({ over: number, under: number }),
    }),
  ),
});
const isMemory = (value: unknown): value is AlertMemory => v.is(memory, value);
