import { VERSION } from '../model/version.ts';
import type { Choice, Start } from './choose.ts';

/** The workflows that fit, as text: what a team would paste, with the least permissions and a full version. */

export const ACTION = `deploy-latency-guard/deploy-latency-guard@v${VERSION}`;

export interface SetUpFile {
  path: string;
  text: string;
}

export interface Wanted extends Pick<Choice, 'inputs' | 'source' | 'start'> {
  /** As an input takes it, and why it is that. */
  target: { value: string; why: string };
  /** As an input takes it; `null`: the default has room for the target. */
  window: string | null;
}

/** The workflow that follows a deploy, where something starts it, and the weekly one. */
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
              ...besideTheDeploy(wanted),
              '',
            ].join('\n'),
          },
        ]),
    {
      path: '.github/workflows/deploy-latency-weekly.yml',
      text: [
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

/** The guard as a job of the workflow that deploys, as a comment: that file is the team's own. */
function besideTheDeploy(wanted: Wanted): string[] {
  if (wanted.start.on !== 'workflow_run' || wanted.start.job === null) return [];
  const { file, id } = wanted.start.job;
  return [
    '',
    `# In the stead of this file, a job of ${file}; it fails beside the deploy, and never the deploy itself:`,
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
    '      actions: read # where the time goes: workflow runs',
    '      checks: read # where the time goes: jobs and steps',
    ...(writes === 'comment'
      ? ['      pull-requests: write # which pull request a commit belongs to; the comment']
      : [
          '      pull-requests: read # which pull request a commit belongs to',
          '      issues: write # the one issue, while the alert is on',
        ]),
  ];
}

const inputsOf = ({ inputs, target, window }: Wanted): string[] => [
  '        with:',
  ...Object.entries(inputs).map(([name, value]) => `          ${name}: ${scalar(value)}`),
  `          target: ${target.value} # ${target.why}`,
  ...(window === null ? [] : [`          window: ${window} # room for changes that take twice the limit`]),
];

/** An expression as it stands, where YAML takes it for one text. */
const plain = (expression: string): string =>
  /^[\w .'=&()/–-]+$/u.test(expression) ? expression : JSON.stringify(expression);

/** A text as YAML takes it for one. */
const scalar = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
