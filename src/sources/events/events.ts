import { badInput } from '../../model/guard-error.ts';
import { isInside, PATH_INSIDE } from '../path-inside.ts';
import type { DeploySource } from '../source.ts';
import type { EventsLocation } from './location.ts';

/** Deployments from an events file, for clusters, registries and servers that GitHub does not know. */

export const events = {
  kind: 'events',
  inputs: {
    'events-file': {
      default: '',
      isInput: false,
      accepts: { pattern: PATH_INSIDE },
      description:
        'File in the workspace that lists deployments as JSON Lines, a JSON array or CSV. Defaults to none.',
    },
    'events-url': {
      default: '',
      isInput: false,
      accepts: { pattern: '^https://[\\w.-]+(?::\\d+)?/' },
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
    if (file !== '' && !isInside(file))
      throw badInput('events-file', file, 'a path below the workspace, such as deploys.jsonl');
    if (url !== '' && !/^https:\/\/[\w.-]+(?::\d+)?\//.test(url))
      throw badInput('events-url', url, 'an address that begins with https://');
    return { file, url };
  },
  subject: ({ file, url }) => `events ${file || new URL(url).hostname}`,
  open: async (io, service, location) => (await import('./event-feed.ts')).eventFeed(io, service, location),
  explainEmpty: async (io, service, location) =>
    (await import('./event-feed.ts')).explainNoEvent(io, service, location),
} satisfies DeploySource<EventsLocation>;
