import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Job, Pipeline, Run, Step } from '../../src/model/pipeline.ts';
import { type Interval, secondsByStage, segmentsOf, type StageFacts } from '../../src/diagnose/stages.ts';
import type { Stage } from '../../src/model/terms.ts';
import { fileJob } from '../support/facts.ts';

const BEGIN = Date.parse('2026-03-02T10:00:00Z') / 1000;
const date = (second: number) => new Date(second * 1000);

/** A deployment that is built forwards in time, and knows the stage of each second. */
class Story {
  at = BEGIN;
  sums: Partial<Record<Stage, number>> = {};
  others: Interval[] = [];
  #ids = 0;

  pass(stage: Stage, seconds: number): number {
    if (seconds > 0) this.sums[stage] = (this.sums[stage] ?? 0) + seconds;
    this.at += seconds;
    return this.at;
  }

  /** Waits behind another deployment. */
  behind(seconds: number): void {
    if (seconds === 0) return;
    this.others.push({ from: date(this.at), to: date(this.at + seconds) });
    this.pass('behind', seconds);
  }

  job(name: string, createdAt: number, startedAt: number, completedAt: number, conclusion = 'success'): Job {
    return {
      id: ++this.#ids,
      name,
      createdAt: date(createdAt),
      startedAt: date(startedAt),
      completedAt: date(completedAt),
      conclusion,
      steps: [],
    };
  }

  /** Layers of jobs. A job needs all jobs of the layer before, so the slowest job of a layer is on the path. */
  layers(shape: LayerShape[]): Job[] {
    return shape.flatMap(({ queue, takes, shorter, skipped, cancelled }, i) => {
      const ready = this.at;
      const jobs = shorter.map((share, k) => {
        const length = Math.max(1, Math.floor((queue + takes - 1) * share));
        return this.job(
          `job ${i}.${k}`,
          ready,
          ready,
          ready + Math.min(length, queue + takes - 1),
          cancelled ? 'cancelled' : 'success',
        );
      });
      if (skipped) jobs.push({ ...this.job(`skipped ${i}`, ready, ready, ready), conclusion: 'skipped' });
      this.pass('runner', queue);
      const started = this.at;
      this.pass('checks', takes);
      return [...jobs, this.job(`job ${i}`, ready, started, this.at)];
    });
  }

  /** Two parallel chains that a later job waits for. The longer one is on the path. */
  diamond(long: [number, number], short: number): Job[] {
    const ready = this.at;
    const side = this.job('short', ready, ready, ready + Math.min(short, long[0] - 1));
    this.pass('checks', long[0]);
    const first = this.job('long 1', ready, ready, this.at);
    const second = this.job('long 2', this.at, this.at, ready + long[0] + long[1]);
    this.pass('checks', long[1]);
    return [side, first, second];
  }
}

interface LayerShape {
  queue: number;
  takes: number;
  /** Other jobs of the layer, such as a matrix, as shares of the time of the slowest one. */
  shorter: number[];
  skipped: boolean;
  cancelled: boolean;
}

const layer = fc.record({
  queue: fc.nat(90),
  takes: fc.integer({ min: 2, max: 900 }),
  shorter: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  skipped: fc.boolean(),
  cancelled: fc.boolean(),
});
const zeroOrUpTo = (most: number) => fc.oneof(fc.constant(0), fc.integer({ min: 1, max: most }));

const stories = fc
  .record({
    behind: zeroOrUpTo(1800),
    starting: zeroOrUpTo(120),
    byHand: zeroOrUpTo(86_400),
    chain: fc.option(fc.array(layer, { minLength: 1, maxLength: 3 })),
    between: zeroOrUpTo(20),
    reruns: zeroOrUpTo(1200),
    concurrency: zeroOrUpTo(900),
    layers: fc.array(layer, { maxLength: 4 }),
    diamond: fc.option(
      fc.tuple(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
      ),
    ),
    timer: zeroOrUpTo(600),
    approver: fc.oneof(fc.constant(0), fc.constant(3 * 3600)),
    runner: fc.nat(120),
    deploys: fc.integer({ min: 1, max: 900 }),
    knowsCreated: fc.boolean(),
  })
  .map((shape) => {
    const story = new Story();
    const run = (
      createdAt: number,
      attemptStartedAt: number,
      jobs: Job[],
      event: string,
      attempt = 1,
    ): Run => ({
      id: createdAt,
      workflow: 'Deploy',
      file: 'deploy.yml',
      event,
      actor: null,
      url: '',
      createdAt: date(createdAt),
      attemptStartedAt: date(attemptStartedAt),
      attempt,
      jobs,
    });
    const byHand = shape.byHand > 0;
    if (byHand) story.pass('by-hand', shape.byHand);
    else {
      story.behind(shape.behind);
      story.pass('starting', shape.starting);
    }
    const upstream: Run[] = [];
    if (shape.chain && !byHand) {
      const at = story.at;
      upstream.push(run(at, at, story.layers(shape.chain), 'push'));
      story.pass('starting', shape.between);
    }
    const created = story.at;
    if (shape.reruns > 0) story.pass('re-runs', shape.reruns);
    const attempt = story.at;
    // A run that waits for its concurrency group creates its jobs when the group is free.
    story.behind(shape.concurrency);
    const first = story.at;
    const jobs = story.layers(shape.layers);
    if (shape.diamond) jobs.push(...story.diamond([shape.diamond[0], shape.diamond[1]], shape.diamond[2]));
    const ready = story.at;
    const held = { from: date(ready), to: date(story.pass('approval', shape.timer + shape.approver)) };
    story.pass('runner', shape.runner);
    const started = story.at;
    story.pass('deploy', shape.deploys);
    const deploy = story.job('deploy', ready, started, story.at);
    // If the creation of a job is unknown, a job that ended while another waited for a runner looks like a job it needed,
    // and a wait for the concurrency group looks like a wait for a runner. Such stories keep the creation times.
    const isAmbiguous =
      first !== attempt ||
      [...(shape.chain ?? []), ...shape.layers].some(({ shorter, queue }) => shorter.length > 0 && queue > 0);
    const keepsCreated = shape.knowsCreated || isAmbiguous;
    const runJobs = [...jobs, deploy].map((job) => (keepsCreated ? job : { ...job, createdAt: null }));
    const pipeline: Pipeline = {
      run: run(
        created,
        attempt,
        runJobs,
        upstream.length > 0 ? 'workflow_run' : byHand ? 'workflow_dispatch' : 'push',
        shape.reruns > 0 ? 2 : 1,
      ),
      upstream,
      deployJob: deploy.id,
      holds: held.from < held.to ? [held] : [],
      approvedBy: null,
    };
    const facts: StageFacts = {
      mergedAt: date(BEGIN),
      liveAt: date(story.at),
      createdAt: date(ready),
      pipeline,
      byHand,
      others: story.others,
    };
    return { facts, sums: story.sums, total: story.at - BEGIN };
  });

const group = { name: 'production', cancels: false };
const FILES = new Map([
  [
    'deploy.yml',
    [
      fileJob({ id: 'test', name: 'test' }),
      fileJob({ id: 'leg', name: 'leg', matrix: true, maxParallel: 1, workflowGroup: group }),
      fileJob({ id: 'deploy', name: 'deploy', needs: ['test', 'leg'], group }),
    ],
  ],
]);

describe('deployments with known stages', () => {
  test('every second is in its stage: chains, diamonds, matrices, skipped and cancelled jobs, attempts, timers, approvals, queues, workflow_run', () => {
    fc.assert(
      fc.property(stories, ({ facts, sums, total }) => {
        const seconds = secondsByStage(segmentsOf(facts));
        expect(seconds).toEqual(sums);
        expect(Object.values(seconds).reduce((sum, time) => sum + time, 0)).toBe(total);
      }),
      { numRuns: 1000 },
    );
  });

  test('stages have no gaps or overlaps and add up to the lead time, whatever the facts', () => {
    const second = fc.integer({ min: -5000, max: 5000 }).map((offset) => date(BEGIN + offset));
    const maybe = fc.option(second);
    const job = fc.record({
      id: fc.nat(20),
      name: fc.constantFrom('test', 'deploy', 'leg (a)', 'leg (b)', 'leg (c)'),
      createdAt: maybe,
      startedAt: maybe,
      completedAt: maybe,
      conclusion: fc.constantFrom('success', 'skipped', null),
      steps: fc.constant([] as Step[]),
    });
    const run = fc.record({
      id: fc.nat(),
      workflow: fc.string(),
      file: fc.constant('deploy.yml'),
      event: fc.string(),
      actor: fc.constant(null),
      url: fc.string(),
      createdAt: second,
      attemptStartedAt: second,
      attempt: fc.integer({ min: 1, max: 3 }),
      jobs: fc.array(job, { maxLength: 8 }),
    });
    const span = fc.record({ from: second, to: second });
    const epoch = second.map((instant) => instant.getTime() / 1000);
    const use = fc.record({ run: fc.nat(3), job: fc.option(fc.nat(20)), from: epoch, to: epoch });
    const pipeline = fc.record({
      run,
      upstream: fc.array(run, { maxLength: 2 }),
      deployJob: fc.option(fc.nat(20)),
      holds: fc.array(span, { maxLength: 3 }),
      approvedBy: fc.constant(null),
    });
    fc.assert(
      fc.property(
        fc.record({
          mergedAt: second,
          liveAt: second,
          createdAt: second,
          pipeline: fc.option(pipeline),
          byHand: fc.boolean(),
          others: fc.array(span, { maxLength: 4 }),
          files: fc.constantFrom(new Map(), FILES),
          groups: fc.array(use, { maxLength: 4 }).map((uses) => new Map([['production', uses]])),
          isTimer: fc.boolean(),
          checks: fc.option(run),
        }),
        (facts) => {
          const segments = segmentsOf(facts);
          const lead = Math.max(0, (facts.liveAt.getTime() - facts.mergedAt.getTime()) / 1000);
          expect(segments.reduce((sum, segment) => sum + segment.to - segment.from, 0)).toBe(lead);
          segments.forEach((segment, i) => {
            expect(segment.to).toBeGreaterThan(segment.from);
            expect(segment.from).toBe(segments[i - 1]?.to ?? facts.mergedAt.getTime() / 1000);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('a deployment from outside GitHub Actions has two stages, before and after it was created', () => {
  const facts = {
    mergedAt: date(BEGIN),
    createdAt: date(BEGIN + 70),
    liveAt: date(BEGIN + 100),
    pipeline: null,
    byHand: false,
    others: [],
  };
  expect(secondsByStage(segmentsOf(facts))).toEqual({ 'before-deployment': 70, deploying: 30 });
});
