/**
 * The usual suspects, held against twenty workflows and a person's judgement of each finding: `npm run suspects` writes
 * docs/suspects.md, and fails where a finding was not judged, a judged one is not found any more, or fewer than 85% are true.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ask } from '../__tests__/support/ask.ts';
import { story, type JobOptions } from '../src/fake-github/story.ts';
import { jobsInFile } from '../src/github/actions/workflow-yaml.ts';
import type { FileJob } from '../src/model/workflow-file.ts';
import { duration, percent } from '../src/report/words.ts';
import { JUDGED } from './suspects/judged.ts';

const FOLDER = 'scripts/suspects/workflows';
const LEAST_TRUE = 0.85;

interface Told {
  name: string;
  /** What the file says of itself in its first line. */
  about: string;
  files: Record<string, string>;
  jobs: JobOptions[];
}

/** A workflow whose steps say behind them how long they take: `# 12s`; a job's runner, how long it waits: `# queue 12s`. */
function toldBy(name: string): Told {
  const [main = '', ...others] = readFileSync(`${FOLDER}/${name}`, 'utf8').split(/^--- /m);
  const files: Record<string, string> = { '.github/workflows/deploy.yml': main };
  for (const each of others) {
    const [file = '', ...lines] = each.split('\n');
    files[`.github/workflows/${file.trim()}`] = lines.join('\n');
  }
  return {
    name: name.replace(/\.yml$/, ''),
    about: main.split('\n')[0]?.replace(/^# /, '') ?? '',
    files,
    jobs: jobsOf(main, files, ''),
  };
}

function jobsOf(text: string, files: Record<string, string>, caller: string): JobOptions[] {
  const queues = [...text.matchAll(/runs-on:.*?(?:# queue (\d+)s)?$/gm)].map(([, seconds]) =>
    Number(seconds ?? 0),
  );
  const times = [...text.matchAll(/^ +- .*# (\d+)s$/gm)].map(([, seconds]) => Number(seconds));
  let own = 0;
  return jobsInFile(text).flatMap((job) => {
    const called = job.calls === null ? undefined : files[job.calls.replace('./', '')];
    if (called !== undefined) return jobsOf(called, files, `${caller}${job.name} / `);
    const steps = job.steps.map((step): [string, number] => {
      const seconds = times.shift();
      if (seconds === undefined)
        throw new Error(`Step "${shown(step)}" has no time: its first line ends in "# 12s".`);
      return [shown(step), seconds];
    });
    return [{ name: `${caller}${job.name}`, queue: queues[own++] ?? 0, steps }];
  });
}

/** What a run's page calls a step. */
const shown = ({ name, uses, run }: FileJob['steps'][number]): string =>
  name ?? `Run ${uses ?? run?.split('\n')[0]?.trim() ?? ''}`;

async function suspectsOf({ files, jobs }: Told) {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  for (let i = 0; i < 7; i++) {
    const at = team.later('2026-03-09T10:00:00Z', i * 43_200);
    // No two runs take the same.
    const varied = jobs.map((job) => ({
      ...job,
      steps: (job.steps ?? []).map(([name, seconds]): [string, number] => [
        name,
        Math.round(seconds * (1 + (i - 3) / 60)),
      ]),
    }));
    team.ship(team.merge(i + 1, at), at, { jobs: varied });
  }
  team.world.files = files;
  const { report } = await ask(team.world, {
    now: '2026-03-16T00:00:00Z',
    inputs: { window: '7d', mode: 'scheduled', stages: 'full' },
  });
  return report.suspects;
}

async function main(): Promise<void> {
  const lines: string[] = [];
  const wrong: string[] = [];
  const counts = { true: 0, arguable: 0, false: 0, missed: 0 };
  for (const file of readdirSync(FOLDER).sort()) {
    const told = toldBy(file);
    const judged = JUDGED[told.name] ?? { findings: {}, missed: [] };
    const found = await suspectsOf(told);
    const open = new Set(Object.keys(judged.findings));
    lines.push(`## ${told.name}`, '', told.about, '');
    if (found.length + judged.missed.length > 0)
      lines.push(
        '| Finding | Where | Median | Share | May save | Judged | Why |',
        '| --- | --- | ---: | ---: | ---: | --- | --- |',
      );
    else lines.push('Nothing is found, and there is nothing that an expert would name.');
    for (const suspect of found) {
      const key = `${suspect.rule} @ ${suspect.where}`;
      const verdict = judged.findings[key];
      open.delete(key);
      if (!verdict) wrong.push(`${told.name}: ${key} (${suspect.medianSeconds} s) was not judged`);
      else counts[verdict.is] += 1;
      const saving =
        suspect.saving.low === suspect.saving.high
          ? duration(suspect.saving.high)
          : `${duration(suspect.saving.low)} to ${duration(suspect.saving.high)}`;
      lines.push(
        `| ${suspect.rule} | ${suspect.where} | ${duration(suspect.medianSeconds)} | ${percent(suspect.share * 100)} | ${saving} | ${verdict?.is ?? '?'} | ${verdict?.why ?? ''} |`,
      );
    }
    for (const each of judged.missed) {
      counts.missed += 1;
      lines.push(`| – | ${each.where} | | | | missed | ${each.why} |`);
    }
    for (const key of open) wrong.push(`${told.name}: ${key} was judged and is not found`);
    lines.push('');
  }
  const names = new Set(readdirSync(FOLDER).map((file) => toldBy(file).name));
  for (const name of Object.keys(JUDGED))
    if (!names.has(name)) wrong.push(`${name} was judged, and there is no such workflow`);
  const all = counts.true + counts.arguable + counts.false;
  const share = all === 0 ? 0 : counts.true / all;
  if (share < LEAST_TRUE)
    wrong.push(`only ${percent(share * 100)} of ${all} findings are true, counted strictly`);
  writeFileSync(
    'docs/suspects.md',
    `# The usual suspects, judged

Written by \`npm run suspects\`: workflows after the shapes of public ones (none is copied), with times that were made up,
seven deployments each; what the guard finds in them, and what a person says of it. Of ${all} findings ${counts.true} are true
(${percent(share * 100)} strictly), ${counts.arguable} arguable and ${counts.false} false; ${counts.missed} more ${counts.missed === 1 ? 'was' : 'were'} missed. Nothing is told below 30 seconds or a tenth of the median lead
time, nor twice of one cause. The workflows with their times are in \`scripts/suspects/workflows\`, the judgements in
\`scripts/suspects/judged.ts\`.

*True*: an expert would name it, and its advice would work. *Arguable*: it takes that time, and a team may have a good reason.
*False*: it is not so. *Missed*: an expert would name it, and the guard does not.

${lines.join('\n').trimEnd()}
`,
  );
  for (const each of wrong) console.error(each);
  console.log(
    `${all} findings: ${counts.true} true, ${counts.arguable} arguable, ${counts.false} false; ${counts.missed} missed`,
  );
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

await main();
