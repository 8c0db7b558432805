import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface StepOptions {
  inputs?: Record<string, string>;
  apiUrl: string;
  event?: string;
  payload?: object;
  repository?: string;
  env?: Record<string, string>;
  /** Runs another action than the guard. */
  action?: 'organization' | 'live';
  /** Another `node`, for a run on another version. */
  node?: string;
  /** Another build than this one's. */
  dist?: string;
}

export interface StepResult {
  code: number | null;
  log: string;
  outputs: Record<string, string>;
  summary: string;
  /** The page, if one was written. */
  page: string | null;
  /** The JSON report, if one was written. */
  // biome-ignore lint/suspicious/noExplicitAny: this reads a report like a user's script.
  report: any;
}

/** Runs the built action like a runner: inputs as `INPUT_*`, an event file, and files for outputs and the summary. */
export async function runStep(options: StepOptions): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'step-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const inputs = Object.fromEntries(
    Object.entries({ 'github-token': 'test-token', ...options.inputs }).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ]),
  );
  const output = file('output', '');
  const summary = file('summary', '');
  const child = spawn(
    options.node ?? process.execPath,
    [resolve(options.dist ?? 'dist', `${options.action ?? 'index'}.js`)],
    {
      env: {
        PATH: process.env.PATH ?? '',
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_EVENT_NAME: options.event ?? 'push',
        GITHUB_EVENT_PATH: file('event.json', JSON.stringify(options.payload ?? {})),
        GITHUB_REPOSITORY: options.repository ?? 'acme/shop',
        GITHUB_RUN_ID: '4242',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_API_URL: options.apiUrl,
        GITHUB_GRAPHQL_URL: `${options.apiUrl}/graphql`,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: folder,
        GITHUB_WORKSPACE: folder,
        ...inputs,
        ...options.env,
      },
    },
  );
  let log = '';
  child.stdout.on('data', (chunk) => (log += chunk));
  child.stderr.on('data', (chunk) => (log += chunk));
  const code = await new Promise<number | null>((done) => child.on('close', done));

  const outputs = readOutputs(readFileSync(output, 'utf8'));
  const result = {
    code,
    log,
    outputs,
    summary: readFileSync(summary, 'utf8'),
    page: outputs.html ? readFileSync(outputs.html, 'utf8') : null,
    report: outputs.report ? JSON.parse(readFileSync(outputs.report, 'utf8')) : null,
  };
  rmSync(folder, { recursive: true });
  return result;
}

/** Reads an output file: `name<<delimiter`, the lines of the value, `delimiter`. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const [, name, delimiter] = /^([^<]+)<<(.+)$/.exec(lines[i] ?? '') ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, i + 1);
    outputs[name] = lines.slice(i + 1, end).join('\n');
    i = end;
  }
  return outputs;
}
