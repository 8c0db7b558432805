import { badInput } from '../../model/guard-error.ts';
import { PATH_INSIDE } from '../path-inside.ts';
import type { DeploySource } from '../source.ts';
import { fullNameOf, type GitopsOptions } from './gitops-options.ts';
import { isPattern } from './value-pattern.ts';

const REPOSITORY = 'owner/name, such as octo-org/clusters';
const FILE = 'the path of a file in that repository, such as shop/values.yaml';
const PATTERN =
  'a regular expression without a look ahead, a look behind or a back reference, such as image: .*:(\\S+)';

/** Deployments declared in a file of another repository, by image tag or SHA. */

export const gitops = {
  kind: 'gitops',
  inputs: {
    'gitops-repository': {
      default: '',
      isInput: false,
      accepts: { pattern: '^[\\w.-]+/[\\w.-]+$', words: REPOSITORY },
      description:
        'Repository that configures the cluster, as `owner/name`. The token must be able to read it. Defaults to none.',
    },
    'gitops-file': {
      default: '',
      isInput: false,
      accepts: { pattern: PATH_INSIDE, words: FILE },
      description: 'File in that repository that contains the image tag or the commit. Defaults to none.',
    },
    'gitops-pattern': {
      default: '',
      isInput: false,
      // Only its parentheses: no pattern describes a regular expression.
      accepts: { pattern: '^(?:[^([\\\\]|\\\\.|\\[[^\\]]*\\])*$|\\(.+\\)', words: PATTERN },
      description:
        'Regular expression whose first group is the tag or the commit. Defaults to a commit SHA, otherwise the tag of an image.',
    },
  },
  parse(inputs): GitopsOptions {
    const [repository = '', file = '', pattern = ''] = Object.keys(gitops.inputs).map((name) => inputs[name]);
    const [owner, name] = repository.split('/');
    if (!owner || !name) throw badInput('gitops-repository', repository, REPOSITORY);
    if (file === '') throw badInput('gitops-file', file, FILE);
    if (pattern !== '' && !isPattern(pattern)) throw badInput('gitops-pattern', pattern, PATTERN);
    return { repository: { owner, name }, file, pattern: pattern || null };
  },
  subject: ({ repository, file }) => `gitops ${fullNameOf(repository)} ${file}`,
  open: async (io, service, options) => (await import('./bump-feed.ts')).bumpFeed(io, service, options),
  explainEmpty: async (_io, _service, options) => (await import('./bump-feed.ts')).explainNoBump(options),
} satisfies DeploySource<GitopsOptions>;
