import type { ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import { ask } from '../support/ask.ts';
import { steadyTeam } from '../support/steady-team.ts';

/** Pages that take GitHub too long, as its API and the client's plugins deliver the failure. */

const TEAM = steadyTeam({ commits: 250, days: 7, deployEvery: 5 });
const askWith = (github: LoopbackOptions) =>
  ask(TEAM.world, { now: TEAM.now, inputs: { 'max-requests': '1000' }, github });

const FAILURES: Record<string, (response: ServerResponse) => unknown> = {
  'an error in the text of the answer': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        data: null,
        errors: [
          {
            message:
              'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.',
          },
        ],
      }),
    );
  },
  // The retry plugin tries each size three times.
  'a gateway that gives up': (response) => {
    response.writeHead(502).end();
  },
  'a resource limit': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Resource limits exceeded.' }],
      }),
    );
  },
};

/** Fails each query for commits with more than `most` on a page. */
async function withPagesOf(most: number, fail: (response: ServerResponse) => unknown) {
  const failed: number[] = [];
  const answer = await askWith({
    interfere: async (_request, response, body) => {
      const { query = '', variables = {} } = JSON.parse(body || '{}');
      const sizes = Object.entries(variables).flatMap(([name, value]) =>
        /first$/.test(name) ? [Number(value)] : [],
      );
      const size = Math.max(0, ...sizes);
      if (!/query (?:q\d_)?History/.test(query) || size <= most) return false;
      failed.push(size);
      fail(response);
      return true;
    },
  });
  return { answer, failed };
}

describe.each(Object.entries(FAILURES))('%s', (_, fail) => {
  test.each([40, 7, 1])('pages of up to %i commits are asked for from then on', async (most) => {
    const usual = await askWith({});
    const { answer, failed } = await withPagesOf(most, fail);
    expect(answer.report.status).toBe(usual.report.status);
    expect(failed.length).toBeGreaterThan(0);
    const sizes = [...new Set(failed)];
    // Requests that were made at the same time fail together; the next ones begin with the size that worked.
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(
      Math.max(...sizes.map((size) => failed.filter((other) => other === size).length)),
    ).toBeLessThanOrEqual(6);
  });
});
