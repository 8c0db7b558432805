/** Lists in the order of time, which are bisected, because they may have thousands of entries. */

/** The first index for which `isLater` holds, in a list where it holds for all elements from there on. */
export function firstIndex<T>(sorted: readonly T[], isLater: (element: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLater(sorted[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The entries of a list between two instants, both included, in milliseconds. */
export const between = <T>(
  sorted: readonly T[],
  timeOf: (entry: T) => number,
  from: number,
  to: number,
): T[] =>
  sorted.slice(
    firstIndex(sorted, (entry) => timeOf(entry) >= from),
    firstIndex(sorted, (entry) => timeOf(entry) > to),
  );
