import type { AlertMemory, AlertSpell } from '../model/alert.ts';

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

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isOrNull = (value: unknown, is: (value: unknown) => boolean): boolean => value === null || is(value);

function isMemory(value: unknown): value is AlertMemory {
  const it = value as AlertMemory;
  return (
    typeof it === 'object' &&
    it !== null &&
    typeof it.settings === 'string' &&
    isNumber(it.from) &&
    isNumber(it.until) &&
    typeof it.isKnownOff === 'boolean' &&
    Array.isArray(it.recent) &&
    it.recent.every(isNumber) &&
    Array.isArray(it.spells) &&
    it.spells.every(isSpell)
  );
}

function isSpell(it: AlertSpell): boolean {
  return (
    typeof it === 'object' &&
    it !== null &&
    isNumber(it.enteredAt) &&
    isOrNull(it.deployment, (id) => isNumber(id) || typeof id === 'string') &&
    isNumber(it.votes?.of) &&
    isNumber(it.votes?.over) &&
    isNumber(it.chance) &&
    isNumber(it.lastSure) &&
    typeof it.isCertain === 'boolean' &&
    isOrNull(it.leftAt, isNumber) &&
    isOrNull(it.left, (left) => ['on-target', 'under-limit', 'not-sure'].includes(left as string)) &&
    isOrNull(it.borneOut, (is) => typeof is === 'boolean') &&
    isNumber(it.bearing?.over) &&
    isNumber(it.bearing?.under)
  );
}
