import { STATUSES, type Status } from '../../model/terms.ts';
import { type Block, type Inline, LONGEST_ADDRESS, plainText, type Span, type Table } from '../blocks.ts';
import { codeLines, duration, listed, partOfLine, STATUS_WORDS } from '../words.ts';

/** The parts of a page around its blocks. */
export interface Head {
  /** Title of the browser's tab. */
  title: string;
  /** Colors the page. The words next to it say the same. */
  status: Status;
  about: string;
  /** The verdict in a few words. It stays visible when the page scrolls. */
  headline: string;
  /** What the headline's number is compared with. */
  against?: string;
  verdict: Inline;
  scope: string;
  /** A link that takes a keyboard past the charts. */
  skip?: { text: string; anchor: string };
  foot: string;
}

/**
 * Draws blocks as one self-contained page: no script, no request. It works in light and dark mode, on a phone, by keyboard
 * and with a screen reader.
 */
export function html(head: Head, blocks: readonly Block[]): string {
  return `<!doctype html>
<html lang="en" class="${head.status}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(head.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${head.skip ? `<a class="skip" href="#${text(head.skip.anchor)}">${text(head.skip.text)}</a>` : ''}
<p class="about">${text(head.about)}</p>
<h1><i class="dot"></i> ${text(head.headline)}${head.against ? ` <small>${text(head.against)}</small>` : ''}</h1>
${head.verdict.length > 0 ? `<p class="verdict">${inline(head.verdict)}</p>` : ''}
<p class="note">${text(head.scope)}</p>
</header>
<main>
${draw(blocks, '')}
</main>
<footer><p>${text(head.foot)}</p></footer>
</body>
</html>
`;
}

/**
 * @param under - the heading above. A screen reader uses it as the name of a table.
 * @param part - the part of the page, if the same heading is in several parts.
 */
function draw(blocks: readonly Block[], under: string, part = '', level = 2): string {
  let [above, within, inner] = [under, part, level];
  return blocks
    .map((block) => {
      if (block.kind !== 'heading') return drawOne(block, above, within, inner);
      above = plainText(block.text);
      inner = level;
      if (block.anchor !== undefined) [within, inner] = [above, level + 1];
      return `<h${level}${idOf(block)}>${inline(block.text)}</h${level}>`;
    })
    .filter((part) => part !== '')
    .join('\n');
}

type Other = Exclude<Block, { kind: 'heading' }>;

function drawOne(block: Other, above: string, within: string, level: number): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`;
    case 'note':
      return `<p class="note">${inline(block.text)}</p>`;
    case 'list':
      return `<ul${block.isPlan ? ' class="plan"' : ''}>${block.items.map((item) => `<li>${inline(item)}</li>`).join('\n')}</ul>`;
    case 'figures':
      return `<dl class="numbers">${block.items.map(({ name, value, note = '' }) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd>${note && `<dd class="note">${text(note)}</dd>`}</div>`).join('')}</dl>`;
    case 'figure':
      return `<figure><figcaption>${inline(block.caption)}</figcaption>${block.chart}</figure>`;
    case 'overview':
      return `<div class="overview ${block.status}">${draw(block.blocks, above, within, level)}</div>`;
    case 'table':
      return table(block, within === '' || within === above ? above : `${above}, ${within}`);
    case 'code':
      return `<pre>${codeLines(block.text).replace(/[&<>]/g, entity)}</pre>`;
    case 'details':
      return `<details${idOf(block)}${block.isOpen ? ' open' : ''}><summary><h${level}>${text(block.summary)}</h${level}></summary>${draw(block.blocks, block.summary, within, level + 1)}</details>`;
    // The page has its own charts and mentions nobody.
    case 'mermaid':
    case 'mention':
      return '';
  }
}

const idOf = ({ anchor }: { anchor?: string }): string =>
  anchor === undefined ? '' : ` id="${text(anchor)}"`;

function table({ columns, rows }: Table, label: string): string {
  const side = (i: number) => (columns[i]?.align === 'right' ? ' class="right"' : '');
  const head = columns.map(({ title }, i) => `<th scope="col"${side(i)}>${text(title)}</th>`).join('');
  const body = rows
    .map((cells) => `<tr>${cells.map((cell, i) => `<td${side(i)}>${inline(cell)}</td>`).join('')}</tr>`)
    .join('\n');
  return `<div class="scroll${rows.length > PRINTED ? ' long' : ''}" role="region" tabindex="0" aria-label="${text(label)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Tables with more rows are not printed. */
const PRINTED = 50;

const rectangle = (x: number, y: number, width: number, kind: string): string => {
  const [left, top, wide, high] = [x, y, width, 1 - y].map((share) => `${Number((share * 100).toFixed(1))}%`);
  return `<rect class="${kind}" x="${left}" y="${top}" width="${wide}" height="${high}"/>`;
};

const drawBar = ({ from, to, kind }: NonNullable<Span['bar']>): string =>
  `<svg class="bars" aria-hidden="true">${rectangle(from, 0, to - from, kind)}</svg>`;

/** Past weeks as bars, from zero to the slowest one or the limit. */
function drawWeeks({ times, limit }: NonNullable<Span['weeks']>): string {
  const most = Math.max(limit, ...times.map((time) => time ?? 0));
  const bars = times.map((time, i) =>
    rectangle(
      (i + 0.15) / times.length,
      1 - Math.max(0.1, (time ?? 0) / most),
      0.7 / times.length,
      time === null ? 'wait' : time > limit ? 'late' : 'live',
    ),
  );
  const words = listed(times.map((time) => (time === null ? 'no verdict' : duration(time))));
  return `<svg class="bars" role="img" aria-label="Weeks, oldest first: ${words}">${bars.join('')}</svg>`;
}

function inline(parts: Inline): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return withDots(text(part));
      if (part.bar) return drawBar(part.bar);
      if (part.weeks) return drawWeeks(part.weeks);
      const inner = part.code ? `<code>${text(part.text)}</code>` : text(part.text);
      const drawn = part.href === undefined ? inner : link(part.text, part.href);
      return part.strong ? `<strong>${drawn}</strong>` : drawn;
    })
    .join('');
}

/** The marks of verdicts as drawn discs, because not every machine has a font with them. */
const withDots = (words: string): string =>
  STATUSES.reduce(
    (drawn, status) =>
      drawn.replaceAll(STATUS_WORDS[status].mark, `<i class="dot ${status}" aria-hidden="true"></i>`),
    words,
  );

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const entity = (character: string): string => ENTITIES[character] ?? '';

/** Any text as inert HTML: one line, no control or bidirectional characters, nothing that is markup. */
export const text = (value: string): string => partOfLine(value).replace(/[&<>"']/g, entity);

/** The address of a GitHub page or of a part of this page, for an attribute. Empty for any other. */
export const hrefOf = (href: string): string =>
  href.length <= LONGEST_ADDRESS && /^(?:#[\w.~-]+|https?:\/\/[^\s"'<>]+)$/.test(href)
    ? href.replace(/[&<>"']/g, entity)
    : '';

const link = (label: string, href: string): string => {
  const address = hrefOf(href);
  return address === '' ? text(label) : `<a href="${address}">${text(label)}</a>`;
};

const STYLE = `
:root { --ink: #1f2328; --paper: #ffffff; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --link: #0550ae; --live: #0969da; --pending: #8250df; --target: #116329; --limit: #c2132c; --batch: #bc4c00; --wait: #8c959f; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9da7b1; --line: #30363d; --panel: #161b22; --link: #79c0ff; --live: #58a6ff; --pending: #d2a8ff; --target: #56d364; --limit: #ff7b72; --batch: #ffa657; --wait: #6e7681; } }
.drifted { --verdict: var(--limit); } .slipping { --verdict: var(--batch); } .on-target { --verdict: var(--target); } .insufficient-data { --verdict: var(--wait); }
* { box-sizing: border-box; print-color-adjust: exact; forced-color-adjust: preserve-parent-color; }
html { scroll-padding-top: 4rem; border-top: .3rem solid var(--verdict); }
body { margin: 0 auto; max-width: 64rem; padding: 0 1.5rem 2rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
header { display: contents; } .about { margin: .7rem 0 0; color: var(--soft); }
h1 { margin: 0 -.5rem .5rem; padding: .1rem .5rem; font-size: 1.9rem; line-height: 1.3; letter-spacing: -.01em; background: var(--paper); } h1 small { font-size: 1.1rem; font-weight: 400; letter-spacing: 0; color: var(--soft); }
.dot { display: inline-block; width: .7em; height: .7em; border-radius: 50%; background: var(--verdict); }
.verdict { margin: 0 0 .3rem; max-width: 60rem; } h2 { font-size: 1.25rem; margin: 1.75rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.note, footer { color: var(--soft); font-size: .9rem; } p.note { margin: .3rem 0; } a { color: var(--link); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .4rem; z-index: 4; background: var(--paper); padding: .2rem .6rem; }
.numbers { display: grid; grid-template-columns: repeat(3, 1fr); gap: .75rem; margin: 1rem 0; } .numbers div { padding: .6rem .9rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); }
dt { color: var(--soft); font-size: .9rem; } dd { margin: 0; font-size: 1.6rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; } dd.note { font-size: .85rem; font-weight: 400; line-height: 1.4; } .numbers div:first-child dd:not(.note) { color: var(--verdict); }
.plan { list-style: none; margin: 1rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-left: .3rem solid var(--verdict); border-radius: .5rem; } .plan li { padding-left: 8.2rem; } .plan li + li { margin-top: .4rem; } .plan strong:first-child { float: left; margin-left: -8.2rem; }
figure { container-type: inline-size; margin: 1rem 0; } figcaption { font-weight: 600; margin-bottom: .4rem; } figcaption a { font-weight: 400; font-size: .9rem; }
.plot { position: relative; height: var(--height); margin: 2.2rem 6.6rem 2.8rem 3.2rem; } .plot:not(:has(.right)) { margin-right: 1.8rem; } .plot > svg { position: absolute; width: 100%; height: 100%; overflow: visible; font-size: 12px; fill: var(--soft); }
.grid { stroke: var(--line); stroke-opacity: .6; } .rule { stroke: currentColor; stroke-width: 1.5; } .rule.limit { stroke-dasharray: 6 4; } .limit { color: var(--limit); } .target { color: var(--target); } text.limit, text.target { fill: currentColor; font-weight: 600; }
.axis { transform: translate(-3rem, -20px); } .axis.end { text-anchor: end; transform: translateY(36px); } .left { text-anchor: end; transform: translate(-8px, 4px); } .below { text-anchor: middle; transform: translateY(18px); } .right.target { transform: translate(8px, 12px); } .right.limit { transform: translate(8px, -2px); } .above.limit { transform: translateY(-4px); } .above.target { transform: translateY(-18px); } .above.end { text-anchor: end; } .beside { fill: var(--ink); transform: translate(10px, -6px); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; } .beside.end { text-anchor: end; transform: translate(-10px, 16px); }
circle { fill: var(--live); stroke: var(--paper); } .curve { fill: none; stroke: var(--live); stroke-width: 2.5; } .area { fill: var(--live); fill-opacity: .12; } rect, .swatch { fill: var(--kind); --kind: var(--live); } .batch { --kind: var(--batch); } .done { --kind: var(--target); } .wait { --kind: var(--wait); } rect.pending { --kind: var(--pending); } .late { --kind: var(--limit); }
.mark { --kind: var(--live); position: absolute; width: 12px; height: 12px; margin: -6px; text-decoration: none; } .mark.late { --kind: var(--limit); z-index: 1; } .mark.pending { z-index: 2; } .mark::before { content: ''; position: absolute; inset: 1px; border: 5px solid var(--kind); border-radius: 50%; background: var(--kind); box-shadow: 0 0 0 1px var(--paper); }
.mark.batch::before { inset: 1.5px; border-width: 4.5px; border-radius: 0; rotate: 45deg; } .mark.pending::before { inset: 0; border-width: 2.5px; background: var(--paper); } .mark.failed::before { inset: 0; border: 0; border-radius: 0; box-shadow: none; background: linear-gradient(45deg, #0000 42%, var(--limit) 42% 58%, #0000 58%), linear-gradient(-45deg, #0000 42%, var(--limit) 42% 58%, #0000 58%); } .mark.alert { outline: 2px solid var(--limit); outline-offset: 2px; border-radius: 50%; }
.many .mark { width: 8px; height: 8px; margin: -4px; } .many .mark::before { border-width: 3px; box-shadow: none; } .many .pending::before { border-width: 2px; } .mark:hover, .mark:focus-visible { z-index: 3; scale: 1.2; } .plot .mark:hover::after, .plot .mark:focus-visible::after { content: attr(aria-label); position: absolute; left: -4px; bottom: 18px; width: max-content; max-width: min(20rem, 42vw); padding: .3rem .6rem; border-radius: .4rem; background: var(--ink); color: var(--paper); font: .8rem/1.4 system-ui, sans-serif; } .plot .mark.end::after { left: auto !important; right: -4px; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: -1.25rem 9rem 0 3.2rem; padding: 0; list-style: none; font-size: .85rem; color: var(--soft); } .key i { position: relative; display: inline-block; margin: 0 .3rem 0 0; vertical-align: -1px; } .swatch { width: 10px; height: 10px; background: var(--kind); }
.bars { width: 100%; min-width: 5rem; height: 1.1em; vertical-align: -.15em; } .bars[role] { width: 7rem; }
h2, h3, h4 { line-height: 1.3; } h3, h4, summary > * { font-size: 1rem; margin: 1rem 0 .4rem; } summary > * { display: inline; border: 0; padding: 0; font-weight: 600; }
details { border-top: 1px solid var(--line); } details details { border: 0; } summary { cursor: pointer; font-weight: 600; padding: .6rem 0; } details[open] { padding-bottom: 1rem; } details > :is(p, table):first-of-type { margin-top: 0; }
.scroll { overflow: auto; max-height: 70vh; border: 1px solid var(--line); border-radius: .5rem; margin: .3rem 0 .8rem; }
:focus-visible { outline: 2px solid var(--live); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; } tbody tr:last-child td { border: 0; } .right { text-align: right; } th { position: sticky; top: 0; z-index: 1; background: var(--panel); font-weight: 600; white-space: nowrap; } td.right { white-space: nowrap; } tbody tr { content-visibility: auto; }
pre { padding: .6rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); white-space: pre-wrap; }
@container (max-width: 38rem) { .plot { margin: 2.2rem 4.4rem 2.8rem 2.8rem; } .axis { transform: translate(-2.8rem, -20px); } .more { display: none; } .key { margin: 0; } }
@media (min-width: 40rem) and (min-height: 30rem) { h1 { position: sticky; top: 0; z-index: 4; } }
@media (max-width: 40rem) { body { padding: 0 1rem 1rem; } h1 { font-size: 1.5rem; } h1 small { display: block; font-size: 1rem; } .numbers { gap: .4rem; } .numbers div { padding: .4rem .5rem; } dd { font-size: 1.15rem; } dt, dd.note { font-size: .8rem; } .plan li { padding: 0; } .plan strong:first-child { float: none; margin: 0; } table { font-size: .8rem; } th, td { padding: .3rem; } th, td.right { white-space: normal; } }
@media screen and (min-width: 85rem) { body { max-width: 88rem; } .overview { display: grid; grid-template: auto 1fr / minmax(0, 1fr) 24rem; column-gap: 2rem; } .overview figure { grid-row: span 2; } .overview .plot { height: 27rem; } .overview .numbers { grid-template-columns: 1fr; margin-bottom: 0; } .overview .plan { align-self: start; } .overview .plan li { padding: 0; } .overview .plan strong:first-child { float: none; display: block; margin: 0; } }
@page { size: A4; margin: 14mm; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } h1, th { position: static; } h1 { margin: 0; padding: 0; } .skip { display: none; } .scroll { overflow: visible; max-height: none; } details::details-content { content-visibility: visible; block-size: auto; } details:has(> .long) { display: none; } summary { list-style: none; } figure, tr, .numbers, .plan, pre { break-inside: avoid; } h2, summary, figcaption { break-after: avoid; } }
`;
