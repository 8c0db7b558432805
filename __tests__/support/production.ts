import type { ServerResponse } from 'node:http';
import { story } from '../../src/fake-github/story.ts';
import { GuardError } from '../../src/model/guard-error.ts';
import { asker } from '../../src/production/ask.ts';
import type { LiveInputName } from '../../src/production/inputs.ts';
import { performLive } from '../../src/production/perform-live.ts';
import { withGitHub } from './github.ts';
import { type RecordedRequest, startServer } from './http-server.ts';

/** A production on this machine, and the action `live` that asks it without real time. */

/** The time when the action starts. */
const START = '2026-03-04T12:00:00Z';

/** Four changes on main, the newest being deployed, and a commit that no branch has. */
export function deployedTeam() {
  const team = story();
  const old = team.merge(1, '2026-03-02T09:00:00Z');
  team.merge(2, '2026-03-02T11:50:30Z', { method: 'merge', commits: 2 });
  team.merge(3, '2026-03-03T12:00:00Z');
  const deployed = team.merge(4, '2026-03-04T11:50:00Z');
  const newer = team.merge(5, '2026-03-04T11:59:00Z');
  const lost = 'a'.repeat(40);
  const [first] = team.world.commits;
  if (first) team.world.commits.push({ ...first, oid: lost, parents: [old] });
  /** Pushes commits to main and returns the last. */
  const push = (count: number) => {
    for (let i = 0; i < count; i++) team.push('2026-03-04T11:59:30Z');
    return team.tip();
  };
  return { world: team.world, old, deployed, newer, lost, push };
}

type Team = ReturnType<typeof deployedTeam>;

interface LiveOptions {
  inputs?: Partial<Record<LiveInputName, string>>;
  denied?: string[];
  team?: Team;
  /** Path of the address. */
  path?: string;
  /** Milliseconds that the action waits for an answer. */
  patience?: number;
}

/** Answers the question number `count`, from 0. */
export type Production = (
  response: ServerResponse,
  team: Team,
  count: number,
  request: RecordedRequest,
) => void;

/** Runs the action against a production and returns what it said. */
export async function askProduction(production: Production, options: LiveOptions = {}) {
  const { inputs = {}, denied = [], team = deployedTeam(), path = '/version', patience } = options;
  let count = 0;
  const server = await startServer((response, request) => production(response, team, count++, request));
  return withGitHub(team.world, { denied }, async (github) => {
    const lines: string[] = [];
    let now = Date.parse(START);
    let commit = '';
    let error = '';
    try {
      await performLive(
        {
          inputs: { url: `${server.url}${path}`, timeout: '30s', 'github-token': 'secret', ...inputs },
          sha: team.deployed,
          surroundings: {
            repository: 'acme/shop',
            apiUrl: github.apiUrl,
            graphqlUrl: github.graphqlUrl,
            isProxied: false,
          },
          ask: asker(false, patience),
          clock: {
            now: () => now,
            sleep: async (milliseconds) => {
              now += milliseconds;
            },
          },
          pace: 0,
        },
        {
          info: (line) => lines.push(line),
          output: (_, value) => {
            commit = value;
          },
        },
      );
    } catch (thrown) {
      if (!(thrown instanceof GuardError)) throw thrown;
      error = thrown.message;
    }
    // Commits differ in their digits only.
    const named = Object.entries(team).flatMap(([name, sha]) =>
      typeof sha === 'string' ? [[name, sha]] : [],
    );
    const plain = (text: string) =>
      named.reduce((result, [name = '', sha = '']) => result.replaceAll(sha.slice(0, 7), name), text);
    return {
      lines: lines.slice(1).map(plain),
      error: plain(error),
      commit,
      team,
      asked: server.requests,
      github: github.requests.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{40}/g, 'sha')}`),
      seconds: (now - Date.parse(START)) / 1000,
    };
  });
}
