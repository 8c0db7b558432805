import { story } from './story.ts';
import type { World } from './world.ts';

/** The moment at which the sample is looked at: a Friday evening. */
export const SAMPLE_NOW = '2026-03-13T17:00:00Z';

/**
 * An invented team's week. It means to be live in fifteen minutes, and its pipeline has grown slower since
 * Wednesday; two deployments ship several changes at once, one is rolled back, and one change is still waiting.
 */
export function sampleTeam(): World {
  const { world, push, merge, deploy } = story('larkspur', 'storefront', '2026-02-27T09:00:00Z');
  const on = (day: number, time: string) => `2026-03-${String(day).padStart(2, '0')}T${time}Z`;

  deploy(
    push('2026-02-27T09:30:00Z', { author: 'noor', message: 'Set up the shop' }),
    '2026-02-27T09:40:00Z',
    { takes: 300 },
  );
  const before = merge(411, on(5, '10:02:00'), {
    author: 'mira',
    title: 'Show delivery dates in the basket',
  });
  deploy(before, on(5, '10:06:00'), { takes: 420 });

  // Monday: as it should be, one change at a time.
  deploy(
    merge(412, on(9, '09:31:10'), { author: 'jonas', title: 'Sort search results by relevance' }),
    on(9, '09:34:00'),
    { takes: 402 },
  );
  deploy(
    merge(413, on(9, '14:12:45'), {
      author: 'mira',
      title: 'Cache the category tree',
      commits: 3,
      method: 'merge',
    }),
    on(9, '14:15:30'),
    { takes: 431 },
  );

  // Tuesday: the merge queue lands two at once.
  merge(415, on(10, '11:20:05'), { author: 'priya', title: 'Validate vouchers on the server' });
  deploy(
    merge(416, on(10, '11:20:05'), { author: 'jonas', title: 'Drop support for the old checkout' }),
    on(10, '11:24:00'),
    { takes: 465 },
  );
  deploy(merge(414, on(10, '16:03:30'), { author: 'noor', title: 'Log slow queries' }), on(10, '16:08:00'), {
    takes: 640,
  });

  // Wednesday: the end-to-end tests moved in front of the deploy.
  deploy(
    merge(417, on(11, '10:11:00'), { author: 'priya', title: 'Run the browser tests before every deploy' }),
    on(11, '10:29:00'),
    { takes: 395 },
  );
  const good = merge(418, on(11, '13:40:20'), {
    author: 'mira',
    title: 'Round prices half to even',
    commits: 2,
    method: 'rebase',
  });
  deploy(good, on(11, '14:00:00'), { takes: 410 });

  // Thursday: a deploy fails, so the next one carries its change along; then it is rolled back and mended.
  deploy(
    merge(419, on(12, '09:20:00'), { author: 'jonas', title: 'Speed up the product page' }),
    on(12, '09:41:00'),
    { takes: 380, outcome: 'FAILURE' },
  );
  const bad = merge(420, on(12, '10:05:00'), { author: 'priya', title: 'Retry the payment provider once' });
  deploy(bad, on(12, '10:24:00'), { takes: 425 });
  deploy(good, on(12, '10:50:00'), { takes: 95, creator: 'noor' });
  deploy(
    merge(421, on(12, '11:30:40'), { author: 'priya', title: 'Retry the payment provider, with a limit' }),
    on(12, '11:52:00'),
    { takes: 437 },
  );

  // Friday: one more, and one that nothing has shipped yet.
  deploy(
    merge(422, on(13, '12:15:00'), { author: 'mira', title: 'Say when an item is the last one' }),
    on(13, '12:36:30'),
    { takes: 418 },
  );
  merge(423, on(13, '15:52:00'), { author: 'jonas', title: 'Upgrade the image resizer' });
  return world;
}
