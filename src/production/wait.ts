import { recoverFrom } from '../github/errors.ts';
import { commitsIn, isCached } from './production-answer.ts';
import { type Ask, NoAnswer } from './ask.ts';
import { after, isLive, none, NOTHING_SEEN, pauseAfter, type Sighting, type Watch } from './watch.ts';

/** Decides what the names in an answer say about the deployed commit. */
export type Judge = (names: readonly string[]) => Promise<Sighting>;

export interface Waiting {
  url: URL;
  /** Finds the commit in an answer; `null`: the only commit in it. */
  find: ((text: string) => string | null) | null;
  live: 'first' | 'last';
  /** Seconds. */
  timeout: number;
  ask: Ask;
  judge: Judge;
  clock: {
    /** Milliseconds. */
    now(): number;
    sleep(milliseconds: number): Promise<void>;
  };
  /** Called with each answer that differs from the one before. */
  onChange?: (sighting: Sighting) => void;
}

export interface Waited extends Watch {
  isLive: boolean;
  /** Seconds. */
  seconds: number;
}

/** Asks until production answers with the change, or until the time is over. */
export async function wait(waiting: Waiting): Promise<Waited> {
  const { clock, timeout, live, onChange } = waiting;
  const start = clock.now();
  let url = waiting.url;
  let hasCache = false;
  for (let watch = NOTHING_SEEN; ; ) {
    const { sighting, cached } = await look(url, waiting);
    if (JSON.stringify(sighting) !== JSON.stringify(watch.latest)) onChange?.(sighting);
    watch = after(watch, sighting);
    const elapsed = clock.now() - start;
    const pause = pauseAfter(watch);
    const seen = isLive(watch, live);
    if (seen || elapsed + pause > timeout * 1000) return { ...watch, isLive: seen, seconds: elapsed / 1000 };
    await clock.sleep(pause);
    // Many caches ignore the headers of a request and know a page by its address.
    hasCache ||= cached;
    if (hasCache) {
      url = new URL(url);
      url.searchParams.set('deploy-latency', String(clock.now()));
    }
  }
}

/** Asks once. */
export async function look(
  url: URL,
  { ask, judge, find }: Pick<Waiting, 'ask' | 'judge' | 'find'>,
): Promise<{ sighting: Sighting; cached: boolean }> {
  const answer = await ask(url).catch(recoverFrom(NoAnswer, (noAnswer) => noAnswer));
  if (answer instanceof NoAnswer) return { sighting: none(answer.reason, answer.detail), cached: false };
  const cached = isCached(answer);
  if (answer.status < 200 || answer.status >= 300)
    return { sighting: none('status', String(answer.status)), cached };
  const sighting = await judge(commitsIn(answer, find));
  return { sighting: sighting.kind === 'live' && cached ? { ...sighting, cached } : sighting, cached };
}
