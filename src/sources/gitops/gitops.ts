import { badInput } from '../../model/guard-error.ts';
import { isInside, PATH_INSIDE } from '../path-inside.ts';
import type { DeploySource } from '../source.ts';
import { fullNameOf, type GitopsOptions } from './gitops-options.ts';
import { isPattern } from './value-pattern.ts';

/** Deployments declared in a file of another repository, by image tag or SHA. */

export const gitops = {
  kind: 'gitops',
  inputs: {
    'gitops-repository': {
      default: '',
      isInput: false,
      accepts: { pattern: '^[\\w.-]+/[\\w.-]+$' },
      description:
        'Repository that configures the cluster, as `owner/name`. The token must be able to read it. Defaults to none.',
    },
    'gitops-file': {
      default: '',
      isInput: false,
      accepts: { pattern: PATH_INSIDE },
      description: 'File in that repository that contains the image tag or the commit. Defaults to none.',
    },
    'gitops-pattern': {
      default: '',
      isInput: false,
      description:
        'Regular expression whose first group is the tag or the commit. Defaults to a commit SHA, otherwise the tag of an image.',
    },
  },
  parse(inputs): GitopsOptions {
    const [repository = '', file = '', pattern = ''] = Object.keys(gitops.inputs).map((name) => inputs[name]);
    const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
    if (!owner || !name)
      throw badInput('gitops-repository', repository, 'owner/name, such as octo-org/clusters');
    if (!isInside(file))
      throw badInput('gitops-file', file, 'the path of a file in that repository, such as shop/values.yaml');
    if (pattern !== '' && !isPattern(pattern))
      throw badInput(
        'gitops-pattern',
        pattern,
        'a regular expression without a look ahead, a look behind or a back reference, such as image: .*:(\\S+)',
      );
    return { repository: { owner, name }, file, pattern: pattern || null };
  },
  subject: ({ repository, file }) => `gitops ${fullNameOf(repository)} ${file}`,
  open: async (io, service, options) => (await import('./bump-feed.ts')).bumpFeed(io, service, options),
  explainEmpty: async (_io, _service, options) => (await import('./bump-feed.ts')).explainNoBump(options),
} satisfies DeploySource<GitopsOptions>;
