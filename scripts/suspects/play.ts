import { ask } from '../../__tests__/support/ask.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World, WorldRun } from '../../src/fake-github/world.ts';
import { eventsIn, jobsInFile, nameIn, workflowRunIn } from '../../src/github/actions/workflow-yaml.ts';
import { type FileJob, filledIn, isUnresolved, type Values } from '../../src/model/workflow-file.ts';

/** Runs a workflow as seven deployments of a fake GitHub and returns the suspects that the guard reports. */

export interface Sample {
  name: string;
  /** By path. The workflow that deploys is `deploy.yml`. */
  files: Record<string, string>;
  /** Files of the last changes, one for each. */
  changed: string[];
}

interface SampleJob {
  name: string;
  needs: string[];
  /** Seconds until a runner takes it. */
  queue: number;
  steps: [name: string, seconds: number][];
  environment: string | null;
}

const FOLDER = '.github/workflows/';
const MAIN = `${FOLDER}deploy.yml`;

/**
 * Reads a sample. A comment behind a step, `services:` or `container:` says how long it takes (`# 12s`); behind a runner, how
 * long it waits (`# queue 12s`). Other files follow lines such as `--- name.yml`, and `# changed:` lists files of changes.
 */
export function sampleOf(name: string, text: string): Sample {
  const [main = '', ...others] = text.split(/^--- /m);
  const files: Record<string, string> = { [MAIN]: main };
  for (const other of others) {
    const [path = '', ...lines] = other.split('\n');
    const own = path.includes('/') ? path.trim() : `${FOLDER}${path.trim()}`;
    if (files[own] !== undefined)
      throw new Error(`${name} has two files ${own}. The first one is deploy.yml.`);
    files[own] = lines.join('\n');
  }
  const changed = /^# changed: (.*)$/m.exec(main)?.[1]?.split(', ') ?? [];
  return { name: name.replace(/\.yml$/, ''), files, changed };
}

/** The name of a step on the page of its run. */
const nameOf = ({ name, uses, run }: FileJob['steps'][number]): string =>
  name ?? `Run ${uses ?? run?.split('\n')[0]?.trim() ?? ''}`;

const secondsIn = (text: string, pattern: RegExp): number[] =>
  [...text.matchAll(pattern)].map(([, seconds]) => Number(seconds));

/** The jobs of a file in the order of the file, with the legs of matrices and the jobs of called workflows. */
function jobsOf(sample: Sample, path: string, caller = '', callerNeeds: string[] = [], values: Values = {}) {
  const text = sample.files[path] ?? '';
  const parts = text.slice(text.indexOf('\njobs:')).split(/^ {2}(?=[\w-]+:)/m);
  const names = new Map<string, string[]>();
  const jobs: SampleJob[] = [];
  for (const job of jobsInFile(text)) {
    const part = parts.find((part) => part.startsWith(`${job.id}:`)) ?? '';
    const times = secondsIn(part, /^ +- .*# (\d+)s$/gm);
    const needs = job.needs.length > 0 ? job.needs.flatMap((id) => names.get(id) ?? []) : callerNeeds;
    const added = (job.legs ?? [{}]).flatMap((leg): SampleJob[] => {
      const own = { ...values, ...leg };
      const filled = filledIn(job.name, own);
      const name = `${caller}${job.matrix && filled === job.name ? `${filled} (${Object.values(leg).join(', ')})` : filled}`;
      if (job.calls?.startsWith('./')) {
        const called = job.calls.slice(2);
        const defaults = jobsInFile(sample.files[called] ?? '')[0]?.inputs ?? {};
        const passed = Object.entries({ ...defaults, ...job.passes }).map(([input, value]) => [
          `inputs.${input}`,
          filledIn(String(value), own),
        ]);
        const inputs = Object.fromEntries(passed.filter(([, value]) => !isUnresolved(value ?? '')));
        return jobsOf(sample, called, `${name} / `, needs, { ...values, ...inputs });
      }
      const [queue = 0] = secondsIn(part, /runs-on:.*# queue (\d+)s/g);
      const start = secondsIn(part, /^ {4}(?:services|container):.*# (\d+)s/gm).reduce((a, b) => a + b, 0);
      const steps = job.steps.map((step, i): [string, number] => {
        const seconds = times[i];
        if (seconds === undefined)
          throw new Error(
            `Step "${nameOf(step)}" in ${sample.name} has no time. End its first line with one, such as "# 12s".`,
          );
        return [filledIn(nameOf(step), own), seconds];
      });
      const environment = job.environment === null ? null : filledIn(job.environment, own) || null;
      if (start > 0) steps.unshift(['Initialize containers', start]);
      return [{ name, needs, queue, steps, environment }];
    });
    names.set(
      job.id,
      added.map(({ name }) => name),
    );
    jobs.push(...added);
  }
  return jobs;
}

const GITHUB: Values = {
  'github.ref_name': 'main',
  'github.ref': 'refs/heads/main',
  'github.event_name': 'push',
};
/** Seconds from a merge to the run. How long people wait before they start a run is in no workflow. */
const DELAYS: Record<string, number> = { release: 20, workflow_dispatch: 20, schedule: 14_400 };

export async function suspectsOf(sample: Sample) {
  const team = story();
  const begin = team.tip();
  const main = sample.files[MAIN] ?? '';
  const events = eventsIn(main);
  const event =
    ['push', 'workflow_run', 'release', 'schedule', 'workflow_dispatch'].find((event) =>
      events.includes(event),
    ) ?? 'push';
  const upstream = Object.entries(sample.files).find(
    ([path, text]) => path !== MAIN && workflowRunIn(main).workflows.includes(nameIn(text, path)),
  );
  for (let i = 0; i < 7; i++) {
    const mergedAt = team.later('2026-03-09T10:00:00Z', i * 43_200);
    const file = sample.changed[i % Math.max(1, sample.changed.length)];
    const sha = team.merge(i + 1, mergedAt, file === undefined ? {} : { files: [file] });
    // Every run takes a different time.
    const scale = 1 + (i - 3) / 60;
    let createdAt = team.later(mergedAt, DELAYS[event] ?? 5);
    const play = (path: string, event: string, id: number): string => {
      const ends = new Map<string, string>();
      const run: WorldRun = {
        id,
        workflow: path.replace(FOLDER, ''),
        sha,
        branch: 'main',
        event,
        status: 'completed',
        conclusion: 'success',
        actor: 'ada',
        createdAt,
        updatedAt: createdAt,
        jobs: [],
      };
      for (const job of jobsOf(sample, path, '', [], GITHUB)) {
        const ready = job.needs
          .map((name) => ends.get(name) ?? createdAt)
          .sort()
          .at(-1);
        const startedAt = team.later(ready ?? createdAt, job.queue);
        let at = startedAt;
        const steps = job.steps.map(([name, seconds]) => {
          const from = at;
          at = team.later(at, Math.round(seconds * scale));
          return { name, startedAt: from, completedAt: at };
        });
        ends.set(job.name, at);
        const jobId = id * 100 + run.jobs.length;
        run.jobs.push({
          id: jobId,
          name: job.name,
          createdAt: ready ?? createdAt,
          startedAt,
          completedAt: at,
          conclusion: 'success',
          steps,
        });
        if (job.environment === null) continue;
        const logUrl = `https://github.com/acme/shop/actions/runs/${id}/job/${jobId}`;
        team.world.deployments.push({
          id: jobId,
          environment: job.environment,
          sha,
          createdAt: startedAt,
          creator: 'github-actions[bot]',
          statuses: [
            { state: 'IN_PROGRESS', createdAt: startedAt, logUrl },
            { state: 'SUCCESS', createdAt: at, logUrl },
          ],
        });
      }
      run.updatedAt = [...ends.values()].sort().at(-1) ?? createdAt;
      team.world.runs?.push(run);
      return run.updatedAt;
    };
    if (upstream && event === 'workflow_run') createdAt = team.later(play(upstream[0], 'push', 6000 + i), 3);
    play(MAIN, event, 5000 + i);
  }
  team.world.files = sample.files;
  const options = deploymentsOf(team.world);
  if (options.environment) team.deploy(begin, '2026-03-01T09:10:00Z', { environment: options.environment });
  const { report } = await ask(team.world, {
    now: '2026-03-16T00:00:00Z',
    inputs: { window: '7d', mode: 'scheduled', stages: 'full', ...options },
  });
  return report.suspects;
}

/** The options that find the deployments: the environment that people use, or else the runs of the workflow. */
function deploymentsOf({ deployments }: World): Record<string, string> {
  const names = [...new Set(deployments.map(({ environment }) => environment))];
  const environment =
    [/^(?:prod|live)/i, /^main/i].flatMap((live) => names.filter((name) => live.test(name)))[0] ??
    names.at(-1);
  if (environment !== undefined) return { environment };
  return { 'deploy-source': 'workflow', 'deploy-workflow': MAIN.replace(FOLDER, '') };
}
