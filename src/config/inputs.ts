/**
 * Every input, in the order in which the documentation lists them. `action.yml`, the command line's `--help`
 * and the README's table say the same; tests hold them to it.
 */
export const INPUTS = {
  'github-token': {
    default: '',
    description: "Token to read and comment with. The job's own token by default.",
  },
  repository: {
    default: '',
    description: 'Repository to measure, as owner/name. This repository by default.',
  },
  mode: {
    default: 'auto',
    description: 'guard, pull-request or scheduled. auto takes it from the event.',
  },
  environment: { default: 'production', description: 'Environment whose deployments count.' },
  'deploy-source': {
    default: 'deployments',
    description:
      'What a deploy is: deployments (GitHub deployments of the environment), workflow (runs of deploy-workflow) or releases (published releases).',
  },
  'deploy-workflow': {
    default: '',
    description: 'With deploy-source workflow: file name of the workflow that deploys, such as deploy.yml.',
  },
  'deploy-job': {
    default: '',
    description:
      'With deploy-source workflow: name of the job whose success is the deploy. The whole run by default.',
  },
  'base-branch': {
    default: '',
    description: 'Branch that changes are merged into. The default branch by default.',
  },
  'direct-pushes': {
    default: 'ignore',
    description: 'ignore, or count commits that were pushed to the base branch without a pull request.',
  },
  target: {
    default: '15m',
    description: "The team's time from merge to live: 90s, 15m, 1h30m, PT15M.",
  },
  tolerance: { default: '25%', description: 'How far past the target is still no drift.' },
  statistic: {
    default: 'p50',
    description: 'What is held against the target: p50, p75, p90, p95, mean or max.',
  },
  window: { default: '7d', description: 'How far back merged changes are taken from.' },
  'as-of': {
    default: '',
    description: 'An ISO 8601 instant: answers as it would have then. Now by default.',
  },
  'min-samples': { default: '5', description: 'Fewer merged changes than this are no verdict.' },
  'max-batch': {
    default: '1',
    description: 'A deployment that ships more merged changes than this is a batch.',
  },
  'fail-on': {
    default: 'auto',
    description:
      'Findings that fail the step: a list of drift, batch, slow, stuck, manual, no-data; or none. auto is drift in guard mode and none in the others.',
  },
  comment: {
    default: 'auto',
    description:
      'Comments on pull requests: auto (always on open ones; on shipped ones when something is wrong), always or never.',
  },
  issue: {
    default: 'auto',
    description: 'auto keeps one issue in scheduled mode while lead time is drifted; never keeps none.',
  },
  'issue-label': { default: 'deploy-latency', description: 'Label that the issue is found by.' },
  stages: {
    default: 'auto',
    description:
      'Where the time goes: auto opens all slow deployments and a sample of the others, full all (100 at most), none none.',
  },
  engineers: {
    default: '',
    description:
      'How many engineers there are, to reckon by a rule of thumb what waiting costs. Off by default.',
  },
  'engineer-cost': { default: '200000', description: 'What an engineer costs a year, for that.' },
  timeout: { default: '5m', description: 'How long it may take in all.' },
  'max-requests': { default: '300', description: 'How many requests it may make to read.' },
  mention: {
    default: 'none',
    description: 'none, authors, or handles to name when something is wrong.',
  },
} as const satisfies Record<string, { default: string; description: string }>;

export type InputName = keyof typeof INPUTS;
export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];
