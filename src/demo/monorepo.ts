import { story } from '../fake-github/story.ts';
import type { World } from '../fake-github/world.ts';

const SETTINGS = `target: 15m
services:
  api:
    paths: [services/api/**, libs/shared/**]
    environments: [{ name: "api-prod-*", live: last }]
    target: 20m
  web:
    paths: [web/**, libs/shared/**]
    environments: [web-staging, web-production]
  mailer:
    paths: [services/mailer/**]
    environment: mailer-production
authors: people
splits: ["label:team/*"]
freezes:
  - { from: 2026-03-12T12:00Z, to: 2026-03-12T14:00Z, why: launch }
`;

/**
 * A sample repository with three services: an API in two regions, with a slow second one; a site with a staging environment;
 * and a mailer that is deployed once a day, in batches.
 */
export function sampleMonorepo(): World {
  const team = story('larkspur', 'platform', '2026-03-02T09:00:00Z');
  const { world, push, merge, deploy, later } = team;
  const initial = push('2026-03-02T09:30:00Z', {
    files: [
      'services/api/main.ts',
      'services/mailer/main.ts',
      'web/main.ts',
      'libs/shared/log.ts',
      'README.md',
    ],
  });
  const environments = ['api-prod-eu', 'api-prod-us', 'web-staging', 'web-production', 'mailer-production'];
  for (const environment of environments) deploy(initial, '2026-03-02T10:00:00Z', { environment });

  const people = ['mira', 'jonas', 'noor'];
  let number = 100;
  let unmailed = '';
  for (const day of [9, 10, 11, 12, 13]) {
    const on = (time: string) => `2026-03-${String(day).padStart(2, '0')}T${time}Z`;
    const change = (time: string, files: string[], title: string, author = people[number % 3] ?? 'mira') => {
      number += 1;
      const label = files[0]?.startsWith('web') ? 'team/site' : 'team/core';
      return merge(number, on(time), { files, title, author, labels: [label] });
    };
    const api = change('09:10:00', ['services/api/main.ts'], 'Answer faster');
    deploy(api, on('09:14:00'), { environment: 'api-prod-eu', takes: 120 });
    deploy(api, on('09:18:00'), { environment: 'api-prod-us', takes: day < 12 ? 240 : 2400 });
    const web = change('11:05:00', ['web/main.ts'], 'Polish the start page');
    deploy(web, on('11:08:00'), { environment: 'web-staging', takes: 90 });
    deploy(web, later(on('11:08:00'), day < 12 ? 420 : 5400), { environment: 'web-production', takes: 90 });
    unmailed = change('13:20:00', ['services/mailer/main.ts'], 'Word the reminder better');
    change('14:40:00', ['services/mailer/main.ts'], 'Update a template', 'renovate[bot]');
    unmailed = change('15:05:00', ['services/mailer/main.ts'], 'Retry a mail');
    if (day < 13) deploy(unmailed, on('16:00:00'), { environment: 'mailer-production', takes: 300 });
    change('15:30:00', ['README.md'], 'Say how to begin');
  }
  const shared = merge(++number, '2026-03-13T15:40:00Z', {
    files: ['libs/shared/log.ts'],
    title: 'Log in one form',
    author: 'noor',
    labels: ['team/core'],
  });
  deploy(shared, '2026-03-13T15:44:00Z', { environment: 'api-prod-eu', takes: 120 });
  deploy(shared, '2026-03-13T15:45:00Z', { environment: 'web-staging', takes: 90 });
  world.files = { '.github/deploy-latency.yml': SETTINGS };
  return world;
}
