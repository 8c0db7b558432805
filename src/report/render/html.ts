import { oneLine } from '../../model/guard-error.ts';
import type { MeasuredMergeset } from '../../measure/measure.ts';
import type { AnswerDeployment, UnitAnswer } from '../answer.ts';
import {
  counted,
  duration,
  findingMessage,
  listed,
  moment,
  nameOf,
  percent,
  STAGE_WORDS,
  STATUS_WORDS,
  verdictSentence,
  windowWords,
} from '../words.ts';
import { changeOf, costSentence, coverage, regressionSentence, savingOf } from '../diagnosis.ts';
import { type Chart, deploymentsChart, pointsChart, survivalChart, waterfallChart } from './charts.ts';

/** More points and rows than this no browser scrolls gladly, and no eye tells apart. */
const MOST = 5000;

/**
 * The report as one page that stands alone: no script, no request, readable in light and dark, on a phone, by
 * keyboard and by a screen reader.
 */
export function page(all: UnitAnswer): string {
  const answer = {
    ...all,
    mergesets: all.mergesets.slice(-MOST),
    deployments: all.deployments.slice(-MOST),
  };
  const left = all.mergesets.length - answer.mergesets.length;
  const { mark, title } = STATUS_WORDS[answer.status];
  const heading = `Deploy latency: ${answer.repository} → ${answer.environment}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(`${title} – ${heading}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1><span aria-hidden="true">${mark}</span> ${text(heading)}</h1>
<p class="verdict">${text(verdictSentence(answer))}</p>
<p>${text(counted(all.mergesets.length, 'change'))} merged into ${text(answer.baseBranch)} in the ${text(windowWords(answer))}.${left > 0 ? ` The ${left} oldest are left out below; the JSON report has all.` : ''}</p>
</header>
<main>
${numbers(answer)}
${findings(answer)}
${figure('Every change', pointsChart(answer), 'Filled: live. Open: still pending, at least this long.')}
${figure('How many are live after how long', survivalChart(all), 'The Kaplan–Meier curve: what is pending counts until now.')}
${figure('Deployments', deploymentsChart(answer), 'A tick is a deployment, a cross one that failed, a disc a batch with the number of its changes.')}
${diagnosis(answer)}
${changes(answer)}
${deployments(answer)}
${unread(answer)}
</main>
<footer><p>Generated ${text(moment(answer.generatedAt))} UTC.</p></footer>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text as inert HTML: one line, no control or bidirectional characters, nothing that is markup. */
function text(value: string): string {
  return oneLine(value, 500).replace(/[&<>"']/g, (each) => ENTITIES[each] ?? '');
}

/** A link to a page of GitHub's; any other address is no link. */
function link(label: string, href: string): string {
  return /^https?:\/\/[^\s"'<>]+$/.test(href) ? `<a href="${text(href)}">${text(label)}</a>` : text(label);
}

function figure(title: string, chart: Chart, caption: string): string {
  return `<section><h2>${text(title)}</h2><figure><div class="wide">${chart.wide}</div><div class="narrow">${chart.narrow}</div><figcaption>${text(caption)}</figcaption></figure></section>`;
}

function numbers({ leadTime, target }: UnitAnswer): string {
  const names = ['p50', 'p75', 'p90', 'p95', 'mean', 'max'] as const;
  const cell = (name: (typeof names)[number]) => {
    const seconds = leadTime[name];
    const bound = (name === 'mean' || name === 'max') && leadTime.pending > 0;
    if (seconds !== null) return `${bound ? 'at least ' : ''}${duration(seconds)}`;
    return leadTime.max === null ? '–' : `at least ${duration(leadTime.max)}`;
  };
  const entry = (name: string, value: string, main = false) =>
    `<div${main ? ' class="main"' : ''}><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`;
  return `<dl class="numbers">${names.map((name) => entry(name, cell(name), name === target.statistic)).join('')}${entry('target', duration(target.seconds))}${entry('limit', duration(target.thresholdSeconds))}${entry('live', String(leadTime.deployed))}${entry('pending', String(leadTime.pending))}</dl>`;
}

const FINDINGS_SHOWN = 10;

function findings(answer: UnitAnswer): string {
  if (answer.findings.length === 0) return '';
  const items = answer.findings
    .slice(0, FINDINGS_SHOWN)
    .map((each) => `<li><strong>${text(each.kind)}</strong> ${text(findingMessage(each, answer))}</li>`);
  const more = answer.findings.length - items.length;
  return `<section><h2>Findings</h2><ul>${items.join('\n')}${more > 0 ? `<li>… and ${more} more, in the tables below.</li>` : ''}</ul></section>`;
}

function table(caption: string, columns: string[], rows: string[][]): string {
  return `<details><summary>${text(caption)}</summary>${grid(columns, rows, caption)}</details>`;
}

/** Where the time goes, for the slowest and the median change and in all; who is suspected; what grew; what it costs. */
function diagnosis({ diagnosis }: UnitAnswer): string {
  const { stages, suspects, regression, cost } = diagnosis;
  const parts: string[] = [];
  if (stages && stages.rows.length > 0) {
    parts.push(
      `<section><h2>Where the time goes</h2><p>${text(coverage(stages))}</p>${grid(
        ['Stage', 'Median', 'p90', 'Share', 'Change'],
        stages.rows.map((each) =>
          [
            STAGE_WORDS[each.stage],
            duration(each.medianSeconds),
            duration(each.p90Seconds),
            percent(each.share * 100),
            changeOf(each),
          ].map(text),
        ),
        'Stages',
      )}</section>`,
    );
    for (const [which, staged] of [
      ['slowest', stages.slowest],
      ['median', stages.median],
    ] as const)
      if (staged && staged.segments.length > 0 && (which === 'slowest' || staged !== stages.slowest))
        parts.push(
          figure(
            `The ${which}: ${nameOf(staged.mergeset)}`,
            waterfallChart(staged, which),
            `${duration(staged.leadTimeSeconds)} from merge to live.`,
          ),
        );
  }
  if (regression)
    parts.push(`<section><h2>What grew</h2><p>${text(regressionSentence(regression))}</p></section>`);
  if (suspects.length > 0)
    parts.push(
      `<section><h2>The usual suspects</h2>${grid(
        ['What', 'Where', 'Median', 'Runs', 'May save', 'Do'],
        suspects.map((each) => [
          text(each.title),
          each.runs[0] ? link(each.where, each.runs[0]) : text(each.where),
          text(duration(each.medianSeconds)),
          String(each.times),
          text(savingOf(each)),
          text(each.advice),
        ]),
        'Suspects',
      )}</section>`,
    );
  if (cost) parts.push(`<section><h2>What waiting costs</h2><p>${text(costSentence(cost))}</p></section>`);
  return parts.join('\n');
}

/** A table that is open to the eye; its cells are HTML already. */
function grid(columns: string[], rows: string[][], label: string): string {
  return `<div class="scroll" role="region" tabindex="0" aria-label="${text(label)}"><table><thead><tr>${columns.map((column) => `<th scope="col">${text(column)}</th>`).join('')}</tr></thead><tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

function changes(answer: UnitAnswer): string {
  const rows = [...answer.pending.filter((each) => each.mergedAt < answer.window.from), ...answer.mergesets];
  return table(
    `All changes (${rows.length})`,
    ['Change', 'Title', 'Author', 'Merged (UTC)', 'Lead time', 'Deployment', 'Note'],
    rows
      .toReversed()
      .map((each) => [
        link(nameOf(each), each.url),
        text(each.title),
        text(each.author?.login ?? '–'),
        moment(each.mergedAt),
        text(timeOf(each)),
        text(`${each.deployment ?? '–'}`),
        text(each.notes.join(', ')),
      ]),
  );
}

function timeOf(each: MeasuredMergeset): string {
  if (each.untimed) return 'untimed';
  return each.waitingSeconds === null
    ? duration(each.leadTimeSeconds ?? 0)
    : `at least ${duration(each.waitingSeconds)}`;
}

function deployments(answer: UnitAnswer): string {
  const note = (each: AnswerDeployment) =>
    [
      each.batched && 'batch',
      each.rollback && 'rollback',
      each.redeploy && 'same commit again',
      each.seed && 'first ever',
      each.assumed && 'taken as live now',
    ]
      .filter((word) => word !== false)
      .join(', ');
  return table(
    `All deployments (${answer.deployments.length})`,
    ['When (UTC)', 'Deployment', 'Commit', 'Outcome', 'Shipped', 'Authors', 'Note'],
    answer.deployments
      .toReversed()
      .map((each) => [
        moment(each.succeededAt ?? each.at),
        each.url ? link(String(each.id), each.url) : text(String(each.id)),
        link(each.deployment.sha.slice(0, 7), `${answer.repositoryUrl}/commit/${each.deployment.sha}`),
        text(each.outcome),
        text(listed(each.mergesets.map(nameOf)) || '–'),
        text(listed(each.authors) || '–'),
        text(note(each)),
      ]),
  );
}

/** What could not be read, wherever the verdict says that something is missing. */
function unread({ gaps }: UnitAnswer): string {
  if (gaps.length === 0) return '';
  return `<section><h2>What could not be read</h2>${grid(
    ['What', 'What that does to the answer'],
    gaps.map((each) => [text(each.what), text(each.consequence)]),
    'What could not be read',
  )}</section>`;
}

const STYLE = `
:root { --ink: #1f2328; --paper: #ffffff; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --link: #0550ae; --live: #0969da; --pending: #8250df; --target: #116329; --limit: #a40e26; --batch: #bc4c00; --wait: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9da7b1; --line: #30363d; --panel: #161b22; --link: #79c0ff; --live: #58a6ff; --pending: #d2a8ff; --target: #56d364; --limit: #ff7b72; --batch: #ffa657; --wait: #6e7681; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; }
a { color: var(--link); } .verdict { font-size: 1.15rem; font-weight: 600; }
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: .5rem; margin: 1rem 0; }
.numbers div { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .6rem; background: var(--panel); }
.numbers .main { border: 2px solid var(--live); } dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-weight: 600; }
figure { margin: 0; } figcaption, footer { color: var(--soft); font-size: .9rem; }
.narrow { display: none; } @media (max-width: 40rem) { .wide { display: none; } .narrow { display: block; } }
svg { max-width: 100%; height: auto; } svg [data-mark="x-grid"], svg [data-mark="y-grid"] { color: var(--line); }
details { margin: 1rem 0; } summary { cursor: pointer; font-weight: 600; }
.scroll { overflow: auto; max-height: 70vh; border: 1px solid var(--line); border-radius: .4rem; margin-top: .5rem; }
:focus-visible { outline: 2px solid var(--live); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
th { position: sticky; top: 0; background: var(--panel); } tbody tr { content-visibility: auto; }
`;
