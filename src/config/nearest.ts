import leven from 'leven';

/** The most similar word, if one is similar enough to be what somebody meant to type. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const distance = (candidate: string) => leven(candidate, word);
  return words
    .filter((candidate) => distance(candidate) <= Math.max(2, candidate.length / 3))
    .sort((a, b) => distance(a) - distance(b))[0];
}
