/** Headlines of squashes, of GitHub's merges, and of merges by bots. */
const HEADLINES = [
  /\(#(\d{1,9})\)\s*$/,
  /^Merge pull request #(\d{1,9})\b/,
  /^(?:Auto merge of|Merge) #(\d{1,9})\b/,
];

/** The number of the pull request that a headline names, or `null`. */
export function pullRequestNumberIn(headline: string): number | null {
  for (const pattern of HEADLINES) {
    const number = Number(pattern.exec(headline)?.[1] ?? 0);
    if (number > 0 && number < 2 ** 31) return number;
  }
  return null;
}
