import { codeLines, partOfLine } from '../words.ts';
import { LONGEST_ADDRESS } from '../blocks.ts';
import type { Block, Inline, Table } from '../blocks.ts';

/** The parts of a page around its blocks. */
export interface Head {
  /** Title of the browser's tab. */
  title: string;
  /** Emoji of the verdict. The words next to it say the same. */
  mark: string;
  heading: string;
  /** The verdict in a few words. It stays visible when the page scrolls. */
  short: string;
  verdict: string;
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
<html lang="en">
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
<h1>${text(head.heading)}</h1>
<p class="short"><span aria-hidden="true">${text(head.mark)}</span> ${text(head.short)}</p>
<p class="verdict">${text(head.verdict)}</p>
<p>${text(head.scope)}</p>
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
function draw(blocks: readonly Block[], under: string, part = ''): string {
  let [above, within] = [under, part];
  return blocks
    .map((block) => {
      if (block.kind === 'heading') {
        above = plain(block.text);
        if (block.anchor !== undefined) within = above;
      }
      return drawOne(block, above, within);
    })
    .filter((part) => part !== '')
    .join('\n');
}

function drawOne(block: Block, above: string, within: string): string {
  switch (block.kind) {
    case 'heading':
      return `<h2${idOf(block)}>${inline(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`;
    case 'note':
      return `<p class="note">${inline(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inline(item)}</li>`).join('\n')}</ul>`;
    case 'figures':
      return `<dl class="numbers">${block.items.map(({ name, value, main }) => `<div${main ? ' class="main"' : ''}><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`).join('')}</dl>`;
    case 'figure':
      return `<figure><div class="wide">${block.chart.wide}</div><div class="narrow">${block.chart.narrow}</div><figcaption>${inline(block.caption)}</figcaption></figure>`;
    case 'table':
      return table(block, within === '' || within === above ? above : `${above}, ${within}`);
    case 'code':
      return `<pre>${codeLines(block.text).replace(/[&<>]/g, entity)}</pre>`;
    case 'details':
      return `<details${idOf(block)}><summary>${text(block.summary)}</summary>${draw(block.blocks, block.summary, within)}</details>`;
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
  return `<div class="scroll" role="region" tabindex="0" aria-label="${text(label)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function inline(parts: Inline): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return text(part);
      const inner = part.code ? `<code>${text(part.text)}</code>` : text(part.text);
      const drawn = part.href === undefined ? inner : link(part.text, part.href);
      return part.strong ? `<strong>${drawn}</strong>` : drawn;
    })
    .join('');
}

const plain = (parts: Inline): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const entity = (character: string): string => ENTITIES[character] ?? '';

/** Any text as inert HTML: one line, no control or bidirectional characters, nothing that is markup. */
function text(value: string): string {
  return partOfLine(value).replace(/[&<>"']/g, entity);
}

/** A link to a GitHub page or within this page. Any other address stays text. */
function link(label: string, href: string): string {
  if (/^#[\w.~-]+$/.test(href)) return `<a href="${href}">${text(label)}</a>`;
  return href.length <= LONGEST_ADDRESS && /^https?:\/\/[^\s"'<>]+$/.test(href)
    ? `<a href="${text(href)}">${text(label)}</a>`
    : text(label);
}

const STYLE = `
:root { --ink: #1f2328; --paper: #ffffff; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --link: #0550ae; --live: #0969da; --pending: #8250df; --target: #116329; --limit: #a40e26; --batch: #bc4c00; --wait: #8c959f; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9da7b1; --line: #30363d; --panel: #161b22; --link: #79c0ff; --live: #58a6ff; --pending: #d2a8ff; --target: #56d364; --limit: #ff7b72; --batch: #ffa657; --wait: #6e7681; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
header { display: contents; }
h1 { font-size: 1.4rem; line-height: 1.3; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; }
.short { position: sticky; top: 0; z-index: 1; margin: 0 -1rem; padding: .4rem 1rem; background: var(--paper); border-bottom: 1px solid var(--line); font-size: 1.15rem; font-weight: 600; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .2rem; z-index: 2; background: var(--paper); padding: .2rem .6rem; }
a { color: var(--link); }
.numbers { display: grid; grid-template-columns: repeat(8, 1fr); gap: .5rem; margin: 1rem 0; } @media (max-width: 52rem) { .numbers { grid-template-columns: repeat(4, 1fr); } } @media (max-width: 30rem) { .numbers { grid-template-columns: repeat(2, 1fr); } }
.numbers div { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .6rem; background: var(--panel); }
.numbers .main { border: 2px solid var(--live); } dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-weight: 600; }
figure { margin: 0; } .note, figcaption, footer { color: var(--soft); font-size: .9rem; }
.narrow { display: none; } @media (max-width: 40rem) { .wide { display: none; } .narrow { display: block; } }
svg { max-width: 100%; height: auto; overflow: visible; } svg [data-mark="x-grid"], svg [data-mark="y-grid"] { color: var(--line); }
.tip { visibility: hidden; fill: currentColor; stroke: none; font-size: 11px; text-anchor: start; } :focus + .tip, :hover + .tip { visibility: visible; }
details { margin: 1rem 0; } summary { cursor: pointer; font-weight: 600; }
.scroll { overflow: auto; max-height: 70vh; border: 1px solid var(--line); border-radius: .4rem; margin-top: .5rem; }
:focus-visible { outline: 2px solid var(--live); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; } .right { text-align: right; }
@media (max-width: 30rem) { table { font-size: .8rem; } th, td { padding: .3rem .25rem; } }
pre { padding: .6rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--panel); white-space: pre-wrap; }
th { position: sticky; top: 0; background: var(--panel); } tbody tr { content-visibility: auto; }
@page { size: A4; margin: 14mm; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .short, th { position: static; } .short { margin: 0; padding: .4rem 0; } .skip { display: none; } .scroll { overflow: visible; max-height: none; } figure, tr, .numbers, pre { break-inside: avoid; } h2 { break-after: avoid; } }
`;
