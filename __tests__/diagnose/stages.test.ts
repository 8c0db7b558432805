import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Job, Pipeline, Run, Step } from '../../src/model/pipeline.ts';
import { type Interval, secondsByStage, segmentsOf, type StageFacts } from '../../src/diagnose/stages.ts';
import type { Stage } from '../../src/model/terms.ts';

const BEGIN = Date.parse('2026-03-02T10:00:00Z') / 1000;
const date = (second: number) => new Date(second * 1000);

/** A world that is told forwards, second by second, and knows where each second went. */
class Known {
  at = BEGIN;
  sums: Partial<Record<Stage, number>> = {};
  others: Interval[] = [];
  #ids = 0;

  pass(stage: Stage, seconds: number): number {
    if (seconds > 0) this.sums[stage] = (this.sums[stage] ?? 0) + seconds;
    this.at += seconds;
    return this.at;
  }

  /** Waits behind another deployment, then a while for nothing. */
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

  /** Layers of jobs, each of which needs all of the layer before: the slowest of a layer is on the path. */
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

  /** Two chains side by side that a later job waits for: the longer one is on the path. */
  diamond(long: [number, number], short: number): Job[] {
    const ready = this.at;
    const whole = long[0] + long[1];
    const side = this.job('short', ready, ready, ready + Math.min(short, long[0] - 1));
    this.pass('checks', long[0]);
    const first = this.job('long 1', ready, ready, this.at);
    const second = this.job('long 2', this.at, this.at, ready + whole);
    this.pass('checks', long[1]);
    return [side, first, second];
  }
}

interface LayerShape {
  queue: number;
  takes: number;
  /** Other jobs of the layer (a matrix, a reusable workflow's), as shares of the slowest's length. */
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
const some = (most: number) => fc.oneof(fc.constant(0), fc.integer({ min: 1, max: most }));

const worlds = fc
  .record({
    behind: some(1800),
    starting: some(120),
    byHand: some(86_400),
    chain: fc.option(fc.array(layer, { minLength: 1, maxLength: 3 })),
    between: some(20),
    reruns: some(1200),
    concurrency: some(900),
    layers: fc.array(layer, { maxLength: 4 }),
    diamond: fc.option(
      fc.tuple(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
      ),
    ),
    timer: some(600),
    approver: fc.oneof(fc.constant(0), fc.constant(3 * 3600)),
    runner: fc.nat(120),
    deploys: fc.integer({ min: 1, max: 900 }),
    knowsCreated: fc.boolean(),
  })
  .map((shape) => {
    const known = new Known();
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
    if (byHand) known.pass('by-hand', shape.byHand);
    else {
      known.behind(shape.behind);
      known.pass('starting', shape.starting);
    }
    const upstream: Run[] = [];
    if (shape.chain && !byHand) {
      const at = known.at;
      upstream.push(run(at, at, known.layers(shape.chain), 'push'));
      known.pass('starting', shape.between);
    }
    const created = known.at;
    if (shape.reruns > 0) known.pass('re-runs', shape.reruns);
    const attempt = known.at;
    // A run that its concurrency group holds creates no job until the group is free.
    known.behind(shape.concurrency);
    const first = known.at;
    const jobs = known.layers(shape.layers);
    if (shape.diamond) jobs.push(...known.diamond([shape.diamond[0], shape.diamond[1]], shape.diamond[2]));
    const ready = known.at;
    const held = { from: date(ready), to: date(known.pass('approval', shape.timer + shape.approver)) };
    known.pass('runner', shape.runner);
    const started = known.at;
    known.pass('deploy', shape.deploys);
    const deploy = known.job('deploy', ready, started, known.at);
    // Without a job's creation, a job that ended while another waited for a runner looks like what that one needed,
    // and a wait for the concurrency group like one for a runner: there GitHub has to be asked for it.
    const beside = [...(shape.chain ?? []), ...shape.layers].some(
      (each) => each.shorter.length > 0 && each.queue > 0,
    );
    const tells = shape.knowsCreated || beside || first !== attempt;
    const told = [...jobs, deploy].map((job) => (tells ? job : { ...job, createdAt: null }));
    const pipeline: Pipeline = {
      run: run(
        created,
        attempt,
        told,
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
      liveAt: date(known.at),
      createdAt: date(ready),
      pipeline,
      byHand,
      others: known.others,
    };
    return { facts, sums: known.sums, total: known.at - BEGIN };
  });

describe('worlds with known stages', () => {
  test('every second is where it went: chains, diamonds, matrices, skipped and cancelled jobs, attempts, timers, approvers, queues, workflow_run', () => {
    fc.assert(
      fc.property(worlds, ({ facts, sums, total }) => {
        const found = secondsByStage(segmentsOf(facts));
        expect(found).toEqual(sums);
        expect(Object.values(found).reduce((sum, each) => sum + each, 0)).toBe(total);
      }),
      { numRuns: 1000 },
    );
  });

  test('whatever the facts, the stages have no gap and no overlap, and sum to the lead time', () => {
    const second = fc.integer({ min: -5000, max: 5000 }).map((each) => date(BEGIN + each));
    const maybe = fc.option(second);
    const job = fc.record({
      id: fc.nat(20),
      name: fc.string(),
      createdAt: maybe,
      startedAt: maybe,
      completedAt: maybe,
      conclusion: fc.constantFrom('success', 'skipped', null),
      steps: fc.constant([] as Step[]),
    });
    const run = fc.record({
      id: fc.nat(),
      workflow: fc.string(),
      file: fc.constant(null),
      event: fc.string(),
      actor: fc.constant(null),
      url: fc.string(),
      createdAt: second,
      attemptStartedAt: second,
      attempt: fc.integer({ min: 1, max: 3 }),
      jobs: fc.array(job, { maxLength: 8 }),
    });
    const span = fc.record({ from: second, to: second });
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

test('made from outside Actions: before the deployment was created, and deploying', () => {
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
