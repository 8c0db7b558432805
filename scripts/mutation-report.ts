/**
 * Writes the results of mutation testing into docs/evidence.md: the score of each file, and every mutant that no test
 * killed. Run by `npm run mutation`, after Stryker.
 */
import { readFileSync } from 'node:fs';
import { writeSection } from './sections.ts';

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

const report = JSON.parse(readFileSync('reports/mutation.json', 'utf8')) as Report;
const files = Object.entries(report.files).sort(([a], [b]) => (a < b ? -1 : 1));
const count = (mutants: readonly Mutant[], ...statuses: Mutant['status'][]) =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

function row(name: string, mutants: readonly Mutant[]): string {
  const killed = count(mutants, 'Killed', 'Timeout');
  const survived = count(mutants, 'Survived', 'NoCoverage');
  const score = ((100 * killed) / (killed + survived)).toFixed(1);
  return `| ${name} | ${killed + survived} | ${killed} | ${survived} | ${score} |`;
}

function survivors(source: string, mutants: readonly Mutant[]): string[] {
  const lines = source.split('\n');
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
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
const allMutants = files.flatMap(([, { mutants }]) => mutants);
const section = [
  '| File | Mutants | Killed | Survived | Score, % |',
  '| --- | ---: | ---: | ---: | ---: |',
  ...files.map(([path, { mutants }]) => row(base(path), mutants)),
  row('**all**', allMutants),
  '',
  '<details><summary>Surviving mutants: line, original code, mutant</summary>',
  '',
  '```',
  ...files.flatMap(([path, { source, mutants }]) => {
    const lines = survivors(source, mutants);
    return lines.length > 0 ? [base(path), ...lines] : [];
  }),
  '```',
  '',
  '</details>',
].join('\n');

writeSection('docs/evidence.md', 'mutation', section);
console.log(row('all', allMutants));
