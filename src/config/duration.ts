const CLOCK = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i;
const ISO_8601 = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;
const LETTERS = ['w', 'd', 'h', 'm', 's'];
/** Seconds in a week, a day, an hour, a minute and a second. */
const SECONDS_IN = [604_800, 86_400, 3_600, 60, 1];

/** Durations longer than zero that {@link parseDuration} accepts, for a JSON Schema. */
export const DURATION_PATTERN = `^\\s*(?=[^1-9]*[1-9])(?:(?=\\d)${LETTERS.map((letter) => `(?:\\d+[${letter}${letter.toUpperCase()}])?`).join('')}|[pP](?:\\d+[wW])?(?:\\d+[dD])?(?:[tT](?=\\d)(?:\\d+[hH])?(?:\\d+[mM])?(?:\\d+[sS])?)?)\\s*$`;

/** Accepted forms, for error messages. */
export const DURATION_FORMS = 'a duration such as 90s, 15m, 1h30m, 7d or PT15M';

/**
 * Parses a duration in clock form (`90s`, `15m`, `1h30m`, `7d`, `2w`, weeks before days and so on) or in ISO 8601
 * (`PT15M`, `P7D`). Months and years are not accepted, because their lengths differ.
 *
 * @returns seconds, possibly `0`; `null` for anything else, such as a bare number, a sign or a fraction.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  const match = CLOCK.exec(trimmed) ?? ISO_8601.exec(trimmed);
  const parts = match?.slice(1);
  if (!parts?.some((part) => part !== undefined)) return null;
  const seconds = parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (SECONDS_IN[i] ?? 0), 0);
  return Number.isSafeInteger(seconds) ? seconds : null;
}

/** A duration in clock form, such as `1h30m` or `8d`. Rounds up to seconds, and writes weeks as days. */
export function clockForm(seconds: number): string {
  let remaining = Math.ceil(seconds);
  const parts = SECONDS_IN.slice(1).map((size, i) => {
    const count = Math.floor(remaining / size);
    remaining -= count * size;
    return count > 0 ? `${count}${LETTERS[i + 1]}` : '';
  });
  return parts.join('') || '0s';
}
