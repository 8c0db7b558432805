import { numbersFrom } from '../../__tests__/support/random-team.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { asOf, chancesOf, DAY, iso, MINUTE, workingTimes } from './history.ts';
import { pipelineOf } from './pipeline.ts';

/**
 * Repositories of many services, deployed from one branch for more than a year. Some services change several times a
 * day, others twice a week.
 */

const BEGINS = Date.parse('2025-05-05T06:00:00Z');
const CONFIG = '.github/deploy-latency.yml';

/** The mark that identifies the deployments of a service. */
export type Mark = 'deploy-task' | 'deploy-workflow' | 'deploy-job' | 'environment' | 'releases' | 'tags';

export interface ServicesOptions {
  count: number;
  mark: Mark;
  until: number;
  changesADay: number;
}

export const servicesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `service-${String(i + 1).padStart(2, '0')}`);

export function servicesWorld({ count, mark, until, changesADay }: ServicesOptions): World {
  const chances = chancesOf(numbersFrom(count * 1000 + mark.length));
  const team = story('acme', 'platform', iso(BEGINS));
  const pipeline = pipelineOf(team, chances);
  const services = servicesOf(count);
  const { world } = team;
  world.tags = [];
  const versions = new Map<string, number>();

  function publish(service: string, sha: string, at: number): void {
    const version = (versions.get(service) ?? 0) + 1;
    versions.set(service, version);
    const name = `${service}-v1.${version}.0`;
    const date = iso(at);
    if (mark === 'tags') world.tags?.push({ name, sha, taggedAt: date });
    else world.releases?.push({ tag: name, sha, createdAt: date, publishedAt: date, author: 'release-bot' });
  }

  /** Deploys a commit to the services that it changes. */
  function deploy(touched: readonly string[], sha: string, at: number): void {
    const fails = (): 'rerun' | undefined => (chances.happens(0.04) ? 'rerun' : undefined);
    if (mark === 'releases' || mark === 'tags') {
      for (const service of touched) publish(service, sha, at + chances.between(2, 9) * MINUTE);
      return;
    }
    if (mark === 'deploy-workflow' || mark === 'environment') {
      for (const service of touched) {
        const environment = mark === 'environment' ? `production-${service}` : 'production';
        const failed = fails();
        pipeline.deploy({
          sha,
          at: at + 4000,
          workflow: `deploy-${service}.yml`,
          deploys: [{ job: 'deploy', environment }],
          ...(failed ? { fails: failed } : {}),
        });
      }
      return;
    }
    const failed = fails();
    pipeline.deploy({
      sha,
      at: at + 4000,
      deploys: touched.map((service) =>
        mark === 'deploy-task'
          ? { job: 'deploy', environment: 'production', task: `deploy:${service}` }
          : { job: `deploy-${service}`, environment: 'production' },
      ),
      ...(failed ? { fails: failed } : {}),
    });
  }

  const start = team.push(iso(BEGINS + MINUTE), {
    files: [
      'README.md',
      'libs/shared/index.ts',
      ...services.map((service) => `services/${service}/index.ts`),
    ],
  });
  deploy(services, start, BEGINS + 2 * MINUTE);
  let number = 0;
  for (const at of workingTimes(chances, BEGINS + DAY, until, changesADay)) {
    number += 1;
    const touched = touchedBy(services, chances.upTo(1000), chances.happens(0.1));
    const paths =
      touched.length > 2
        ? ['libs/shared/index.ts']
        : touched.map((service) => `services/${service}/index.ts`);
    const sha = team.merge(number, iso(at), { files: paths.length > 0 ? paths : ['README.md'] });
    pipeline.check(sha, at + 3000);
    if (touched.length > 0) deploy(touched, sha, at);
  }
  world.files = { [CONFIG]: configOf(services, mark), ...workflowsOf(services, mark) };
  return asOf(world, until);
}

/** The services of a change: mostly one, sometimes two, all for a library, and none for documents. */
function touchedBy(services: readonly string[], chance: number, isOfTwo: boolean): readonly string[] {
  if (chance < 20) return services;
  if (chance < 60) return [];
  // The first changes about ten times as often as the last.
  const weights = services.map((_, i) => 10 - (9 * i) / (services.length - 1));
  const upTo = weights.map((_, i) => weights.slice(0, i + 1).reduce((sum, weight) => sum + weight, 0));
  const place = ((chance - 60) / 940) * (upTo.at(-1) ?? 0);
  const at = upTo.findIndex((limit) => place < limit);
  const first = services[at] ?? services[0] ?? '';
  const second = services[(at + 3) % services.length] ?? first;
  return isOfTwo ? [first, second] : [first];
}

function configOf(services: readonly string[], mark: Mark): string {
  const settings: Record<Mark, (service: string) => object> = {
    'deploy-task': (service) => ({ 'deploy-task': `deploy:${service}` }),
    'deploy-workflow': (service) => ({ 'deploy-workflow': `deploy-${service}.yml` }),
    'deploy-job': (service) => ({ 'deploy-job': `deploy-${service}` }),
    environment: (service) => ({ environment: `production-${service}` }),
    releases: (service) => ({ 'deploy-tag': `${service}-v*` }),
    tags: (service) => ({ 'deploy-tag': `${service}-v*` }),
  };
  return JSON.stringify({
    ...(mark === 'releases' || mark === 'tags' ? { 'deploy-source': mark } : {}),
    services: Object.fromEntries(
      services.map((service) => [
        service,
        { paths: [`services/${service}/**`, 'libs/shared/**'], ...settings[mark](service) },
      ]),
    ),
  });
}

function workflowsOf(services: readonly string[], mark: Mark): Record<string, string> {
  const job = (environment: string) => ({
    environment,
    'runs-on': 'ubuntu-latest',
    steps: [{ uses: 'actions/checkout@v7' }, { run: './deploy.sh' }],
  });
  const file = (name: string, push: object, jobs: Record<string, object>) => [
    `.github/workflows/${name}`,
    JSON.stringify({ name, on: { push: { branches: ['main'], ...push } }, jobs }),
  ];
  if (mark === 'releases' || mark === 'tags') return {};
  return Object.fromEntries(
    mark === 'deploy-workflow' || mark === 'environment'
      ? services.map((service) =>
          file(
            `deploy-${service}.yml`,
            { paths: [`services/${service}/**`, 'libs/shared/**'] },
            { deploy: job(mark === 'environment' ? `production-${service}` : 'production') },
          ),
        )
      : [
          file(
            'deploy.yml',
            {},
            mark === 'deploy-task'
              ? { deploy: job('production') }
              : Object.fromEntries(services.map((service) => [`deploy-${service}`, job('production')])),
          ),
        ],
  );
}
