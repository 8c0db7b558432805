const CLOCK = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i;
const ISO_8601 = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;
const SECONDS_IN = [604_800, 86_400, 3_600, 60, 1];

const CLOCK_UNITS = ['wW', 'dD', 'hH', 'mM', 'sS'];
/** What {@link parseDuration} accepts and is longer than zero, for a JSON Schema. */
export const DURATION_PATTERN = `^\\s*(?=[^1-9]*[1-9])(?:(?=\\d)${CLOCK_UNITS.map((service) => `(?:\\d+[${service}])?`).join('')}|[pP](?:\\d+[wW])?(?:\\d+[dD])?(?:[tT](?=\\d)(?:\\d+[hH])?(?:\\d+[mM])?(?:\\d+[sS])?)?)\\s*$`;

/** What {@link parseDuration} accepts, as one phrase for error texts. */
export const DURATION_FORMS = 'a duration such as 90s, 15m, 1h30m, 7d or PT15M';

/**
 * Reads a duration: clock form (`90s`, `15m`, `1h30m`, `7d`, `2w`, largest unit first) or ISO 8601
 * (`PT15M`, `P7D`; whole weeks, days, hours, minutes and seconds, as those have one length).
 *
 * @returns whole seconds, `0` included; `null` for anything else (a bare number, a sign, a fraction).
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  const match = CLOCK.exec(trimmed) ?? ISO_8601.exec(trimmed);
  const parts = match?.slice(1);
  if (!parts?.some((part) => part !== undefined)) return null;
  const seconds = parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (SECONDS_IN[i] ?? 0), 0);
  return Number.isSafeInteger(seconds) ? seconds : null;
}

const UNITS = ['w', 'd', 'h', 'm', 's'];

/** The same as {@link parseDuration} reads it: `1h30m`, `8d`. A part of a second counts as one; weeks are days. */
export function spelled(seconds: number): string {
  let left = Math.ceil(seconds);
  const parts = SECONDS_IN.slice(1).map((size, i) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? `${count}${UNITS[i + 1]}` : '';
  });
  return parts.join('') || '0s';
}
