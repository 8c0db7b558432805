import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Surroundings, surroundingsOf } from '../../src/config/surroundings.ts';
import { GuardError } from '../../src/model/guard-error.ts';
import { perform } from '../../src/run/perform.ts';
import type { StepOptions, StepResult } from './runner.ts';

interface Payload {
  pull_request?: { number: number };
  deployment?: { id: number; environment: string };
}

/**
 * Runs a step like {@link runStep}, but in this process. It skips the action's entry point, which reads the runner's
 * environment and has its own tests.
 */
export async function performStep(
  options: StepOptions,
  surroundings: Partial<Surroundings> = {},
): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'step-'));
  const { pull_request, deployment } = (options.payload ?? {}) as Payload;
  const lines: string[] = [];
  const outputs: Record<string, string> = {};
  let summary = '';
  let code = 0;
  try {
    const failed = await perform(
      {
        inputs: { 'github-token': 'test-token', ...options.inputs },
        surroundings: surroundingsOf({
          now: new Date(),
          repository: options.repository ?? 'acme/shop',
          eventName: options.event ?? 'push',
          eventDeployment: deployment ?? null,
          pullRequest: pull_request?.number ?? null,
          runId: 4242,
          apiUrl: options.apiUrl,
          graphqlUrl: `${options.apiUrl}/graphql`,
          ...surroundings,
        }),
        client: { pace: 0, onNotice: (line) => lines.push(line) },
      },
      {
        info: (line) => lines.push(line),
        annotate: ({ severity, title, message }) => lines.push(`::${severity} title=${title}::${message}`),
        output: (name, value) => {
          outputs[name] = value;
        },
        async summary(markdown) {
          summary += markdown;
        },
        folder: () => folder,
      },
    );
    code = failed ? 1 : 0;
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    lines.push(`::error::${error.message}`);
    code = 1;
  }
  const report = outputs.report ? JSON.parse(readFileSync(outputs.report, 'utf8')) : null;
  const page = outputs.html ? readFileSync(outputs.html, 'utf8') : null;
  rmSync(folder, { recursive: true });
  return { code, log: lines.join('\n'), outputs, summary, page, report };
}
