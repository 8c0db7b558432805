import { VERSION } from '../model/version.ts';
import type { Candidate, SetUpService, Start } from './candidate.ts';

/** Generates workflows with minimal permissions and the full version of the action. */

export const ACTION = `deploy-latency-guard/deploy-latency-guard@v${VERSION}`;

export interface SetUpFile {
  path: string;
  text: string;
}

/** The weekly workflow has a file of its own for this reason. */
export const QUIET_SCHEDULE =
  'GitHub disables a workflow with a schedule after 60 days without activity in a public repository. The weekly check has a file of its own, so the other checks keep running.';

export interface Wanted extends Pick<Candidate, 'inputs' | 'source' | 'start' | 'services'> {
  /** Value for input `target`, and the reason for a comment. `null`: a configuration file has it. */
  target: { value: string; why: string } | null;
  /** Value for input `window`. `null`: the default is long enough for the target. */
  window: string | null;
}

/** A workflow for pull requests and for after each deployment, if an event can start it, and a weekly one. */
export function workflowsFor(wanted: Wanted): SetUpFile[] {
  const { on, condition } = startOf(wanted.start);
  return [
    {
      path: '.github/workflows/deploy-latency.yml',
      text: [
        'name: Deploy latency',
        'on:',
        ...on,
        '  pull_request:',
        'permissions: {}',
        'jobs:',
        '  guard:',
        ...(condition === null
          ? []
          : [`    if: ${plain(`github.event_name == 'pull_request' || ${condition}`)}`]),
        ...guardJob(wanted, 'comment'),
        ...jobAlternative(wanted),
        '',
      ].join('\n'),
    },
    {
      path: '.github/workflows/deploy-latency-weekly.yml',
      text: [
        '# In a public repository, GitHub disables a workflow with a schedule after 60 days without activity, with all its triggers.',
        '# So the schedule has a file of its own. To enable it again: gh workflow enable deploy-latency-weekly.yml',
        'name: Deploy latency, weekly',
        'on:',
        '  schedule:',
        '    - cron: "0 7 * * 1"',
        '  workflow_dispatch:',
        'permissions: {}',
        'jobs:',
        '  guard:',
        ...guardJob(wanted, 'issue', ['html: deploy-latency.html']),
        '      - uses: actions/upload-artifact@v7',
        '        with:',
        '          name: deploy-latency',
        '          path: deploy-latency.html',
        '',
      ].join('\n'),
    },
  ];
}

/** The configuration file for several services. */
export function configFor(
  services: readonly (SetUpService & { target?: { value: string; why: string } })[],
  window: string | null,
): string {
  const keys = (map: Record<string, string | string[] | null>) =>
    Object.entries(map).flatMap(([key, value]) =>
      value === null
        ? []
        : [`    ${key}: ${typeof value === 'string' ? scalar(value) : `[${value.map(scalar).join(', ')}]`}`],
    );
  return [
    ...(window === null ? [] : [`window: ${window} # at least twice the limit`]),
    'services:',
    ...services.flatMap(({ name, paths, keys: own, target }) => [
      `  ${scalar(name)}:`,
      ...keys({ paths, ...own }),
      ...(target ? [`    target: ${target.value} # ${target.why}`] : []),
    ]),
    '',
  ].join('\n');
}

function startOf(start: Start): { on: string[]; condition: string | null } {
  switch (start.on) {
    case 'workflow_run':
      return {
        on: [
          '  workflow_run:',
          `    workflows: [${start.workflows.map(scalar).join(', ')}]`,
          '    types: [completed]',
          ...(start.branch === null ? [] : [`    branches: [${scalar(start.branch)}]`]),
        ],
        condition: "github.event.workflow_run.conclusion == 'success'",
      };
    case 'deployment_status': {
      const environment = 'github.event.deployment.environment';
      const [first = '', ...others] = start.environments;
      const list = JSON.stringify(start.environments);
      return {
        on: ['  deployment_status:'],
        condition: `github.event.deployment_status.state == 'success' && ${others.length === 0 ? `${environment} == ${quoted(first)}` : `contains(fromJSON(${quoted(list)}), ${environment})`}`,
      };
    }
    case 'release':
      return { on: ['  release:', '    types: [published]'], condition: null };
    case 'push-of-tags':
      return {
        on: ['  push:', `    tags: [${start.patterns.map((pattern) => JSON.stringify(pattern)).join(', ')}]`],
        condition: null,
      };
    case 'nothing':
      return { on: [], condition: null };
  }
}

/** A text in an expression. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A comment with the guard as a job of the workflow that deploys. `init` does not edit that file. */
function jobAlternative(wanted: Wanted): string[] {
  if (wanted.start.on !== 'workflow_run' || wanted.start.job === null) return [];
  const { file, id } = wanted.start.job;
  return [
    '',
    `# Instead of "workflow_run", you can add this job to ${file}. If it fails, the deployment still counts as successful.`,
    ...['  latency:', `    needs: ${id}`, ...guardJob(wanted, 'comment')].map((line) => `# ${line}`),
  ];
}

/** A job that runs the guard, below its key and what starts it. */
function guardJob(wanted: Wanted, writes: 'comment' | 'issue', inputs: readonly string[] = []): string[] {
  return [
    '    runs-on: ubuntu-latest',
    '    permissions:',
    '      contents: read # commits',
    ...(wanted.source === 'deployments' ? ['      deployments: read # deployments and their statuses'] : []),
    '      actions: read # workflow runs',
    '      checks: read # jobs and steps',
    ...(writes === 'comment'
      ? ['      pull-requests: write # pull requests and comments']
      : ['      pull-requests: read # pull requests', '      issues: write # the issue']),
    '    steps:',
    `      - uses: ${ACTION}`,
    ...inputsOf(wanted, inputs),
  ];
}

/** The `with` block. Empty without any input. */
function inputsOf({ inputs, target, window }: Wanted, others: readonly string[]): string[] {
  const lines = [
    ...Object.entries(inputs).flatMap(([name, value]) =>
      /^[\w -]+(?:\n[\w -]+)+$/.test(value)
        ? [`${name}: |-`, ...value.split('\n').map((line) => `  ${line}`)]
        : [`${name}: ${scalar(value)}`],
    ),
    ...(target === null ? [] : [`target: ${target.value} # ${target.why}`]),
    ...(window === null ? [] : [`window: ${window} # at least twice the limit`]),
    ...others,
  ];
  return lines.length === 0 ? [] : ['        with:', ...lines.map((line) => `          ${line}`)];
}

/** An expression, quoted if YAML needs it. */
const plain = (expression: string): string =>
  /^[\w .'=&()/–-]+$/u.test(expression) ? expression : JSON.stringify(expression);

/** A text, quoted unless YAML reads it as text anyway. */
const scalar = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
