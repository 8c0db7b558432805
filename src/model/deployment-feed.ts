import { max } from 'date-fns';
import type { Deployment, Gap, Oid, Remark } from './facts.ts';

/** Deployments of any source, newest first by creation, read page by page as far as it turns out to be needed. */
export interface DeploymentFeed {
  readonly items: readonly Deployment[];
  /** Whether it was read to its end. */
  readonly complete: boolean;
  /** Every deployment that was created after this instant has been read. */
  readonly readTo: Date;
  /** What could not be read of it. */
  readonly gaps?: readonly Gap[];
  /** What is to be said of it. */
  readonly remarks?: readonly Remark[];
  /** The environment as GitHub spells it, where that is not how it was asked for. */
  readonly environment?: string | null;
  /** Reads one more page. */
  next(): Promise<void>;
  /**
   * Asks what some of the items are that were read since, where they do not say it themselves; what turns out to be no
   * deploy is no item any more.
   *
   * @param wasOnBranch - whether a commit was on the base branch at an instant.
   */
  vet?(wasOnBranch: (oid: Oid, at: Date) => boolean): Promise<void>;
}

/** When the newest of some was created; the beginning of time, where there is none. */
export const newestOf = (items: readonly Deployment[]): Date =>
  max([new Date(0), ...items.map((each) => each.createdAt)]);

/** One feed for several that ask: what one of them is waiting for, the others wait for too, and it is read once. */
export function shared(feed: DeploymentFeed): DeploymentFeed {
  const own = {
    next: inFlight(() => feed.next()),
    ...(feed.vet
      ? {
          vet: inFlight(
            (wasOnBranch: (oid: Oid, at: Date) => boolean) => feed.vet?.(wasOnBranch) ?? Promise.resolve(),
          ),
        }
      : {}),
  };
  // What is read grows: each look is at the feed as it is then.
  return new Proxy(feed, {
    get: (target, name) => (name in own ? own[name as keyof typeof own] : Reflect.get(target, name)),
  });
}

function inFlight<Args extends unknown[]>(
  ask: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  let going: Promise<void> | null = null;
  return (...args) => {
    going ??= ask(...args).finally(() => {
      going = null;
    });
    return going;
  };
}
