import type { RepositoryName } from '../../github/repo.ts';

/** The file that declares what runs. */
export interface GitopsOptions {
  repository: RepositoryName;
  file: string;
  /** Regular expression for the value; `null`: the usual places. */
  pattern: string | null;
}

export const fullNameOf = ({ owner, name }: RepositoryName): string => `${owner}/${name}`;
