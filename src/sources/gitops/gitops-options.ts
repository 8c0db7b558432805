import type { RepositoryName } from '../../github/repo.ts';

/** Where what is to run is written down. */
export interface GitopsOptions {
  repository: RepositoryName;
  file: string;
  /** `null`: what is usual. */
  pattern: string | null;
}

export const nameOf = ({ owner, name }: RepositoryName): string => `${owner}/${name}`;
