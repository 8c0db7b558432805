import type { Place } from '../../github/repo.ts';

/** Where what is to run is written down. */
export interface GitopsOptions {
  repository: Place;
  file: string;
  /** `null`: what is usual. */
  pattern: string | null;
}

export const nameOf = ({ owner, name }: Place): string => `${owner}/${name}`;
