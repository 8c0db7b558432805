import * as v from 'valibot';
import type { AlertMemory } from '../model/alert-spell.ts';

/** What is known of the alert, as a hidden line of the weekly issue: the next run goes on from it. */

/** By service; of a run without services its only one has the empty name. */
export type AlertRecords = Readonly<Record<string, AlertMemory>>;

const VERSION = 1;
/** Of longer histories the newest alerts are kept. */
const MOST_SPELLS = 26;
const HIDDEN = /^<!-- alerts: ([A-Za-z0-9+/=]+) -->$/m;

/** The line; it holds nothing that could end a comment or be read by a person as text. */
export function hiddenAlerts(records: AlertRecords): string {
  const kept = Object.fromEntries(
    Object.entries(records).map(([service, memory]) => [
      service,
      { ...memory, spells: memory.spells.slice(-MOST_SPELLS) },
    ]),
  );
  return `<!-- alerts: ${Buffer.from(JSON.stringify({ version: VERSION, records: kept })).toString('base64')} -->`;
}

/** What an issue's body remembers. A line that is missing, of another version or not whole remembers nothing. */
export function alertsIn(body: string): AlertRecords {
  try {
    const text = Buffer.from(HIDDEN.exec(body.replaceAll('\r\n', '\n'))?.[1] ?? '', 'base64').toString();
    const found = JSON.parse(text) as { version?: unknown; records?: unknown };
    if (found.version !== VERSION || typeof found.records !== 'object' || found.records === null) return {};
    return Object.fromEntries(Object.entries(found.records).filter(([, memory]) => isMemory(memory)));
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
  spells: v.array(
    v.object({
      enteredAt: number,
      deployment: v.nullable(v.union([number, v.string()])),
      votes: v.object({ of: number, over: number }),
      chance: number,
      lastSure: number,
      isCertain: v.boolean(),
      leftAt: v.nullable(number),
      left: v.nullable(v.picklist(['on-target', 'under-limit', 'not-sure'])),
      borneOut: v.nullable(v.boolean()),
      bearing: v.object({ over: number, under: number }),
    }),
  ),
});
const isMemory = (value: unknown): value is AlertMemory => v.is(memory, value);
