import { expect, test } from '@jest/globals';
import type { AlertMemory } from '../../src/model/alert-spell.ts';
import { alertsIn, hiddenAlerts } from '../../src/publish/alert-record.ts';

const memory: AlertMemory = {
  settings: 'a1b2',
  from: 1_000,
  until: 9_000,
  isKnownOff: true,
  lastDrift: 9_000,
  backSince: null,
  drift: { windows: 2, from: 1_000, until: 9_000 },
  recent: [5_000, 9_000],
  spells: [
    {
      enteredAt: 5_000,
      deployment: 'v1--><script>',
      by: 'votes',
      votes: { of: 10, over: 8 },
      chance: 0.05,
      isCertain: true,
      leftAt: null,
      left: null,
      borneOut: null,
      bearing: { over: 1, under: 0 },
    },
  ],
};
const bodyOf = (line: string) => `<!-- deploy-latency-guard weekly -->\n${line}\n\nText.`;
const lineOf = (content: unknown) =>
  `<!-- alerts: ${Buffer.from(JSON.stringify(content)).toString('base64')} -->`;

test('a record is read as it was written, and cannot end the hidden comment', () => {
  const line = hiddenAlerts({ '': memory, api: { ...memory, spells: [] } });
  expect(line.slice(4, -3)).not.toMatch(/--|[<>]/);
  expect(alertsIn(bodyOf(line))).toEqual({ '': memory, api: { ...memory, spells: [] } });
});

test('a body with Windows line ends is read too', () => {
  expect(alertsIn(bodyOf(hiddenAlerts({ '': memory })).replaceAll('\n', '\r\n'))).toEqual({ '': memory });
});

test('the newest alerts of a long history are kept', () => {
  const [alert] = memory.spells;
  const spells = Array.from({ length: 40 }, (_, i) => ({ ...alert, enteredAt: i })) as AlertMemory['spells'];
  const kept = alertsIn(bodyOf(hiddenAlerts({ '': { ...memory, spells } })))['']?.spells;
  expect([kept?.length, kept?.at(-1)?.enteredAt]).toEqual([26, 39]);
});

test.each([
  ['a body without the line', 'Text.'],
  ['invalid Base64', '<!-- alerts: !!! -->'],
  ['invalid JSON', '<!-- alerts: aGVsbG8= -->'],
  ['another version', lineOf({ version: 1, records: { '': memory } })],
  ['a record without an end', lineOf({ version: 2, records: { '': { ...memory, until: 'now' } } })],
  ['an incomplete alert', lineOf({ version: 2, records: { '': { ...memory, spells: [{}] } } })],
  ['a time that is not a number', lineOf({ version: 2, records: { '': { ...memory, recent: [null] } } })],
])('%s is read as no record', (_, line) => {
  expect(alertsIn(bodyOf(line))).toEqual({});
});
