import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type Block, paragraph, type Span } from '../../src/report/blocks.ts';
import { escapeMarkdown, markdown } from '../../src/report/render/markdown.ts';
import { hostileText } from '../support/hostile.ts';

const html = (source: string) =>
  micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
const textOf = (rendered: string) =>
  rendered.replace(/&(?:amp|lt|gt|quot);/g, (entity) => ENTITIES[entity] ?? '');

/** The text that a reader sees: one line without invisible characters. */
const seen = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

describe("an outsider's text", () => {
  test('has no markup, mention, reference or link in a paragraph', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const rendered = html(`Title: ${escapeMarkdown(text)}.`);
        expect(rendered).toMatch(/^<p>[^<]*<\/p>$/);
        const shown = textOf(rendered.slice(3, -4));
        expect(seen(shown.replaceAll('\u200B', ''))).toBe(
          seen(`Title: ${seen(text) === '' && text !== '' ? ' ' : text.replaceAll('\u200B', ' ')}.`),
        );
        expect(shown).not.toMatch(/@[\w]|#\d|\bGH-\d|:\/\/|\bwww\.|[\u202a-\u202e\u2066-\u2069]/i);
      }),
      { numRuns: 500 },
    );
  });

  test('is no heading, list, quote, rule or fence at the beginning of a line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(html(escapeMarkdown(text))).toMatch(/^(?:<p>[^<]*<\/p>)?$/);
      }),
      { numRuns: 500 },
    );
  });

  test('stays within its cell in a table, without markup', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (first, second) => {
        const block: Block = {
          kind: 'table',
          columns: [{ title: 'First' }, { title: 'Second' }],
          rows: [[[first], [second, { text: first, href: 'https://github.com/acme/shop/pull/1' }]]],
          noun: 'row',
        };
        const rendered = html(markdown([block], { surface: 'summary' }));
        expect(rendered.match(/<tr>/g)).toHaveLength(2);
        expect(rendered.match(/<td>/g)).toHaveLength(2);
        expect(
          rendered.replace(
            /<\/?(?:table|thead|tbody|tr|th|td)>|<a href="https:\/\/github\.com\/acme\/shop\/pull\/1">|<\/a>/g,
            '',
          ),
        ).not.toContain('<');
      }),
      { numRuns: 500 },
    );
  });
});

test('a link goes only to a valid address', () => {
  const link = (href: string) =>
    html(markdown([{ kind: 'paragraph', text: [{ text: '#1', href }] }], { surface: 'summary' }));
  expect(link('https://github.com/a/b/pull/1')).toContain('<a href="https://github.com/a/b/pull/1">#1</a>');
  for (const href of [
    'javascript:alert(1)',
    'https://x.test/) [y](z',
    'https://x.test/"onclick',
    'https://x.test/ y',
  ]) {
    expect(link(href)).not.toContain('<a');
  }
});

test('adjacent bold parts are one bold text', () => {
  const HREF = 'https://github.com/acme/shop/commit/1';
  const bold = (...parts: Omit<Span, 'strong'>[]) =>
    html(
      markdown([paragraph(...parts.map((part) => ({ ...part, strong: true })))], { surface: 'summary' }),
    ).trim();
  expect(bold({ text: '🔴 ' }, { text: 'Merge when it is ready.' })).toBe(
    '<p><strong>🔴 Merge when it is ready.</strong></p>',
  );
  expect(bold({ text: '#1', href: HREF }, { text: ' has waited.' })).toBe(
    `<p><strong><a href="${HREF}">#1</a> has waited.</strong></p>`,
  );
  expect(bold({ text: 'Ends with a space ' })).toBe('<p><strong>Ends with a space</strong></p>');
});

describe("GitHub's limit", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => [[`row ${i} ${'漢'.repeat(20)}`]]);
  const blocks = (count: number): Block[] => [
    { kind: 'heading', level: 2, text: ['Head'] },
    { kind: 'table', columns: [{ title: 'A' }], rows: rows(count), noun: 'deployment' },
    { kind: 'table', columns: [{ title: 'B' }], rows: rows(count), noun: 'batched deployment' },
  ];

  test('a text that fits is complete: the first rows are visible, the others folded', () => {
    const text = markdown(blocks(30), { surface: 'summary' });
    expect(text).not.toContain('left out');
    expect(text.match(/^\| row/gm)).toHaveLength(60);
    expect(text).toContain('<summary>20 more deployments</summary>');
  });

  test('a text that is too long loses its oldest rows, and says how many', () => {
    for (const limit of [2000, 5000, 20_000, 100_000]) {
      const text = markdown(blocks(5000), { surface: 'summary', limit });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      const kept = text.match(/^\| row (\d+)/gm) ?? [];
      const [, deployments = '', batches = ''] =
        /(\d+) older deployments left out[\s\S]*?(\d+) older batched deployments? left out/.exec(text) ?? [];
      expect(kept.length + Number(deployments) + Number(batches)).toBe(10_000);
    }
  });
});
