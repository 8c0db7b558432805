import { badInput } from '../../model/guard-error.ts';
import { isInside, PATH_INSIDE } from '../path-inside.ts';
import type { DeploySource } from '../source.ts';
import type { EventsLocation } from './location.ts';

/** Deploys that a file of events tells of: of clusters, registries and servers that GitHub knows nothing about. */

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
        'the path of a file in the workspace, such as deploys.jsonl; or "events-url" in its stead (deploy-source events needs one of them)',
      );
    if (file !== '' && !isInside(file))
      throw badInput('events-file', file, 'a path below the workspace, such as deploys.jsonl');
    if (url !== '' && !/^https:\/\/[\w.-]+(?::\d+)?\//.test(url))
      throw badInput('events-url', url, 'an address that begins with https://');
    return { file, url };
  },
  subject: ({ file, url }) => `events ${file || new URL(url).hostname}`,
  opening: () => null,
  // What reads it is loaded where it is asked for.
  open: async (io, service, location) => (await import('./event-feed.ts')).eventFeed(io, service, location),
  explainEmpty: async (io, service, location) =>
    (await import('./event-feed.ts')).explainNoEvent(io, service, location),
} satisfies DeploySource<EventsLocation>;
