import { badInput } from '../../model/guard-error.ts';
import { PATH_INSIDE } from '../path-inside.ts';
import type { DeploySource } from '../source.ts';
import type { EventsLocation } from './location.ts';

/** Deployments from an events file, for clusters, registries and servers that GitHub does not know. */

export const events = {
  kind: 'events',
  inputs: {
    'events-file': {
      default: '',
      isInput: false,
      accepts: { pattern: PATH_INSIDE, words: 'a path below the workspace, such as deploys.jsonl' },
      description:
        'File in the workspace that lists deployments as JSON Lines, a JSON array or CSV. Defaults to none.',
    },
    'events-url': {
      default: '',
      isInput: false,
      accepts: {
        pattern: '^https://[\\w.-]+(?::\\d+)?(?:[/?]|$)',
        words: 'an address that begins with https://, such as https://shop.example/deploys.jsonl',
      },
      description:
        'HTTPS address of a file that lists deployments. No token is sent to it. Defaults to none.',
    },
  },
  parse(inputs): EventsLocation {
    const [file = '', url = ''] = [inputs['events-file'], inputs['events-url']];
    if ((file === '') === (url === ''))
      throw badInput(
        'events-file',
        file,
        'the path of a file in the workspace, such as deploys.jsonl, if "events-url" is not set (deploy-source events needs exactly one of them)',
      );
    return { file, url };
  },
  subject: ({ file, url }) => `events ${file || new URL(url).hostname}`,
  open: async (io, service, location) => (await import('./event-feed.ts')).eventFeed(io, service, location),
  explainEmpty: async (io, service, location) =>
    (await import('./event-feed.ts')).explainNoEvent(io, service, location),
} satisfies DeploySource<EventsLocation>;
