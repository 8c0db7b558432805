/**
 * Writes what mutation testing found into docs/testing.md, between its markers: the score of each file, and every
 * mutant that no test killed. Run by `npm run mutation`, after Stryker.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Place {
  line: number;
  column: number;
}
interface Mutant {
  mutatorName: string;
  replacement: string;
  status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored';
  location: { start: Place; end: Place };
}
interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

const DOCUMENT = 'docs/testing.md';
const report = JSON.parse(readFileSync('reports/mutation.json', 'utf8')) as Report;
const files = Object.entries(report.files).sort(([a], [b]) => (a < b ? -1 : 1));
const count = (mutants: readonly Mutant[], ...statuses: Mutant['status'][]) =>
  mutants.filter((mutant) => statuses.includes(mutant.status)).length;

function row(name: string, mutants: readonly Mutant[]): string {
  const killed = count(mutants, 'Killed', 'Timeout');
  const lived = count(mutants, 'Survived', 'NoCoverage');
  const score = ((100 * killed) / (killed + lived)).toFixed(1);
  return `| ${name} | ${killed + lived} | ${killed} | ${lived} | ${score} |`;
}

function survivors(source: string, mutants: readonly Mutant[]): string[] {
  const lines = source.split('\n');
  return mutants
    .filter((mutant) => mutant.status === 'Survived' || mutant.status === 'NoCoverage')
    .sort(
      (a, b) =>
        a.location.start.line - b.location.start.line || a.location.start.column - b.location.start.column,
    )
    .map(({ location: { start, end }, replacement }) => {
      const last = end.line === start.line ? end.column - 1 : undefined;
      const original = (lines[start.line - 1] ?? '').slice(start.column - 1, last);
      return `${String(start.line).padStart(4)}: ${short(original)} -> ${short(replacement)}`;
    });
}

const short = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 52 ? `${line.slice(0, 51)}…` : line;
};
const base = (path: string) => path.replace('src/', '');
const all = files.flatMap(([, { mutants }]) => mutants);
const section = [
  '| File | mutants | killed | alive | score, % |',
  '| --- | ---: | ---: | ---: | ---: |',
  ...files.map(([path, { mutants }]) => row(base(path), mutants)),
  row('**all**', all),
  '',
  '<details><summary>Every one alive: line, original, mutant</summary>',
  '',
  '```',
  ...files.flatMap(([path, { source, mutants }]) => {
    const alive = survivors(source, mutants);
    return alive.length > 0 ? [base(path), ...alive] : [];
  }),
  '```',
  '',
  '</details>',
].join('\n');

const document = readFileSync(DOCUMENT, 'utf8');
const between = /(<!-- mutation -->\n)[\s\S]*?(\n<!-- \/mutation -->)/;
if (!between.test(document))
  throw new Error(`${DOCUMENT} has no place marked for what mutation testing found.`);
writeFileSync(
  DOCUMENT,
  document.replace(between, (_, begin: string, end: string) => `${begin}\n${section}\n${end}`),
);
console.log(row('all', all));
