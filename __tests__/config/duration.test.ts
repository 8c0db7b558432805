import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration } from '../../src/config/duration.ts';

describe('parseDuration', () => {
  test.each([
    '',
    'soon',
    '15',
    '-15m',
    '+15m',
    '1.5h',
    '15 m',
    '15m1h',
    'm',
    'P',
    'PT',
    'P1M',
    'P1Y',
    'PT1.5M',
    '15min',
    '99999999999999999999s',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test.each([
    ['90s', 90],
    ['15m', 900],
    ['1h30m', 5400],
    ['PT15M', 900],
    ['P1DT2H', 93_600],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['0s', 0],
    [' 15M ', 900],
  ])('parses %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test('parses clock form and ISO 8601 alike', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(30), fc.nat(90), fc.nat(90), (d, h, m, s) => {
        const seconds = d * 86_400 + h * 3600 + m * 60 + s;
        expect(parseDuration(`${d}d${h}h${m}m${s}s`)).toBe(seconds);
        expect(parseDuration(`P${d}DT${h}H${m}M${s}S`)).toBe(seconds);
      }),
    );
  });
});
