import { VERSION } from '../model/version.ts';
import type { Choice, Start } from './choose.ts';

/** Generates workflows with minimal permissions and the full version of the action. */

export const ACTION = `deploy-latency-guard/deploy-latency-guard@v${VERSION}`;

export interface SetUpFile {
  path: string;
  text: string;
}

export interface Wanted extends Pick<Choice, 'inputs' | 'source' | 'start'> {
  /** Value for input `target`, and the reason for a comment. */
  target: { value: string; why: string };
  /** Value for input `window`. `null`: the default is long enough for the target. */
  window: string | null;
}

/** A workflow for after each deployment, if an event can start it, and a weekly one. */
export function workflowsFor(wanted: Wanted): SetUpFile[] {
  const after = startOf(wanted.start);
  return [
    ...(after === null
      ? []
      : [
          {
            path: '.github/workflows/deploy-latency.yml',
            text: [
              'name: Deploy latency',
              ...after.on,
              'permissions: {}',
              'jobs:',
              '  guard:',
              ...(after.condition === null ? [] : [`    if: ${plain(after.condition)}`]),
              '    runs-on: ubuntu-latest',
              ...permissions(wanted.source, 'comment'),
              '    steps:',
              `      - uses: ${ACTION}`,
              ...inputsOf(wanted),
              ...jobAlternative(wanted),
              '',
            ].join('\n'),
          },
        ]),
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
        '    runs-on: ubuntu-latest',
        ...permissions(wanted.source, 'issue'),
        '    steps:',
        `      - uses: ${ACTION}`,
        ...inputsOf(wanted),
        '          html: deploy-latency.html',
        '      - uses: actions/upload-artifact@v7',
        '        with:',
        '          name: deploy-latency',
        '          path: deploy-latency.html',
        '',
      ].join('\n'),
    },
  ];
}

function startOf(start: Start): { on: string[]; condition: string | null } | null {
  switch (start.on) {
    case 'workflow_run':
      return {
        on: [
          'on:',
          '  workflow_run:',
          `    workflows: [${start.workflows.map(scalar).join(', ')}]`,
          '    types: [completed]',
          ...(start.branch === null ? [] : [`    branches: [${scalar(start.branch)}]`]),
        ],
        condition: "github.event.workflow_run.conclusion == 'success'",
      };
    case 'deployment_status':
      return {
        on: ['on: deployment_status'],
        condition: `github.event.deployment_status.state == 'success' && github.event.deployment.environment == '${start.environment.replaceAll("'", "''")}'`,
      };
    case 'release':
      return { on: ['on:', '  release:', '    types: [published]'], condition: null };
    case 'push-of-tags':
      return { on: ['on:', '  push:', `    tags: [${JSON.stringify(start.pattern)}]`], condition: null };
    case 'nothing':
      return null;
  }
}

/** A comment with the guard as a job of the workflow that deploys. `init` does not edit that file. */
function jobAlternative(wanted: Wanted): string[] {
  if (wanted.start.on !== 'workflow_run' || wanted.start.job === null) return [];
  const { file, id } = wanted.start.job;
  return [
    '',
    `# Instead of this file, you can add a job to ${file}. If the job fails, the deployment still counts as successful.`,
    ...[
      '  latency:',
      `    needs: ${id}`,
      '    runs-on: ubuntu-latest',
      ...permissions(wanted.source, 'comment'),
      '    steps:',
      `      - uses: ${ACTION}`,
      ...inputsOf(wanted),
    ].map((line) => `# ${line}`),
  ];
}

function permissions(source: Choice['source'], writes: 'comment' | 'issue'): string[] {
  return [
    '    permissions:',
    '      contents: read # commits',
    ...(source === 'deployments' ? ['      deployments: read # deployments and their statuses'] : []),
    '      actions: read # workflow runs',
    '      checks: read # jobs and steps',
    ...(writes === 'comment'
      ? ['      pull-requests: write # pull requests and comments']
      : ['      pull-requests: read # pull requests', '      issues: write # the issue']),
  ];
}

const inputsOf = ({ inputs, target, window }: Wanted): string[] => [
  '        with:',
  ...Object.entries(inputs).map(([name, value]) => `          ${name}: ${scalar(value)}`),
  `          target: ${target.value} # ${target.why}`,
  ...(window === null ? [] : [`          window: ${window} # at least twice the limit`]),
];

/** An expression, quoted if YAML needs it. */
const plain = (expression: string): string =>
  /^[\w .'=&()/–-]+$/u.test(expression) ? expression : JSON.stringify(expression);

/** A text, quoted unless YAML reads it as text anyway. */
const scalar = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
