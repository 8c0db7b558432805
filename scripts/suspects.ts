/**
 * Compares the suspects in twenty workflows with a person's judgement of each. `npm run suspects` writes its section of
 * docs/evidence.md. It fails if a finding was not judged, a judged finding is gone, or fewer than 85% are true.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { ask } from '../__tests__/support/ask.ts';
import { story, type JobOptions } from '../src/fake-github/story.ts';
import { jobsInFile } from '../src/github/actions/workflow-yaml.ts';
import type { FileJob } from '../src/model/workflow-file.ts';
import { duration, percent } from '../src/report/words.ts';
import { writeSection } from './sections.ts';
import { JUDGED } from './suspects/judged.ts';

const FOLDER = 'scripts/suspects/workflows';
const MINIMUM_TRUE = 0.85;

interface Sample {
  name: string;
  files: Record<string, string>;
  jobs: JobOptions[];
}

/** Reads a workflow. A comment behind a step says how long it takes (`# 12s`); behind a runner, how long it waits (`# queue 12s`). */
function sampleFrom(fileName: string): Sample {
  const [main = '', ...others] = readFileSync(`${FOLDER}/${fileName}`, 'utf8').split(/^--- /m);
  const files: Record<string, string> = { '.github/workflows/deploy.yml': main };
  for (const other of others) {
    const [path = '', ...lines] = other.split('\n');
    files[`.github/workflows/${path.trim()}`] = lines.join('\n');
  }
  return { name: fileName.replace(/\.yml$/, ''), files, jobs: jobsOf(main, files, '') };
}

function jobsOf(text: string, files: Record<string, string>, caller: string): JobOptions[] {
  const queues = [...text.matchAll(/runs-on:.*?(?:# queue (\d+)s)?$/gm)].map(([, seconds]) =>
    Number(seconds ?? 0),
  );
  const times = [...text.matchAll(/^ +- .*# (\d+)s$/gm)].map(([, seconds]) => Number(seconds));
  let nextQueue = 0;
  return jobsInFile(text).flatMap((job) => {
    const called = job.calls === null ? undefined : files[job.calls.replace('./', '')];
    if (called !== undefined) return jobsOf(called, files, `${caller}${job.name} / `);
    const steps = job.steps.map((step): [string, number] => {
      const seconds = times.shift();
      if (seconds === undefined)
        throw new Error(`Step "${nameOf(step)}" has no time. End its first line with one, such as "# 12s".`);
      return [nameOf(step), seconds];
    });
    return [{ name: `${caller}${job.name}`, queue: queues[nextQueue++] ?? 0, steps }];
  });
}

/** The name of a step on the page of its run. */
const nameOf = ({ name, uses, run }: FileJob['steps'][number]): string =>
  name ?? `Run ${uses ?? run?.split('\n')[0]?.trim() ?? ''}`;

async function suspectsOf({ files, jobs }: Sample) {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  for (let i = 0; i < 7; i++) {
    const at = team.later('2026-03-09T10:00:00Z', i * 43_200);
    // Every run takes a different time.
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
  const rows: string[] = [];
  const problems: string[] = [];
  const counts = { true: 0, arguable: 0, false: 0, missed: 0 };
  const samples = readdirSync(FOLDER).sort().map(sampleFrom);
  for (const sample of samples) {
    const judged = JUDGED[sample.name] ?? { findings: {}, missed: [] };
    const suspects = await suspectsOf(sample);
    const unmatched = new Set(Object.keys(judged.findings));
    const row = (...cells: string[]) => rows.push(`| ${[sample.name, ...cells].join(' | ')} |`);
    for (const { rule, where, medianSeconds, share, saving } of suspects) {
      const key = `${rule} @ ${where}`;
      const judgement = judged.findings[key];
      unmatched.delete(key);
      if (judgement) counts[judgement.is] += 1;
      else problems.push(`${sample.name}: ${key} (${medianSeconds} s) is not judged.`);
      const savings =
        saving.low === saving.high
          ? duration(saving.high)
          : `${duration(saving.low)} to ${duration(saving.high)}`;
      row(
        rule,
        where,
        duration(medianSeconds),
        percent(share * 100),
        savings,
        judgement?.is ?? '?',
        judgement?.why ?? '',
      );
    }
    for (const { where, why } of judged.missed) {
      counts.missed += 1;
      row('–', where, '', '', '', 'missed', why);
    }
    if (suspects.length + judged.missed.length === 0)
      row('–', '', '', '', '', '', 'Nothing was reported, and an expert would name nothing.');
    for (const key of unmatched) problems.push(`${sample.name}: ${key} is judged, but was not reported.`);
  }
  const names = new Set(samples.map(({ name }) => name));
  for (const name of Object.keys(JUDGED))
    if (!names.has(name)) problems.push(`${name} is judged, but there is no such workflow.`);
  const total = counts.true + counts.arguable + counts.false;
  const share = total === 0 ? 0 : counts.true / total;
  if (share < MINIMUM_TRUE)
    problems.push(
      `Only ${percent(share * 100)} of ${total} findings are true. At least ${percent(MINIMUM_TRUE * 100)} must be.`,
    );
  writeSection(
    'docs/evidence.md',
    'suspects',
    `\`npm run suspects\` writes this section.

A person judged every suspect in ${samples.length} workflows. The workflows follow the shape of public ones, but none is copied. Their times are
invented, with seven deployments each.

| Findings | True | Arguable | False | Missed |
| ---: | ---: | ---: | ---: | ---: |
| ${total} | ${counts.true} (${percent(share * 100)}) | ${counts.arguable} | ${counts.false} | ${counts.missed} |

- **True**: an expert would name it, and the advice would work.
- **Arguable**: it takes that time, but a team may have a good reason.
- **False**: the finding is wrong.
- **Missed**: an expert would name it, and the guard does not.

The workflows are in \`scripts/suspects/workflows\` and the judgments in \`scripts/suspects/judged.ts\`.

| Workflow | Suspect | Where | Median | Share | May save | Judged | Why |
| --- | --- | --- | ---: | ---: | ---: | --- | --- |
${rows.join('\n')}`,
  );
  for (const problem of problems) console.error(problem);
  console.log(
    `${total} findings: ${counts.true} true, ${counts.arguable} arguable, ${counts.false} false; ${counts.missed} missed`,
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
}

await main();
