import type { Oid } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Place } from './reading.ts';
import type { View } from './view.ts';

/** Something to ask GitHub for. Requests of one kind are made together; those with the same key are made once. */
export type Request =
  /** The base branch back to a date; bare: without pull requests. */
  | { kind: 'branch'; since: Date; isBare: boolean }
  /** One more page of a place's deployments. */
  | { kind: 'page'; place: Place }
  /** What some deployments of a place are, which do not say it themselves. */
  | { kind: 'identity'; place: Place; unknown: readonly string[] }
  /** A commit and those below it; `edgeOf`: where the walk down from what was live at a place broke off. */
  | { kind: 'below'; oid: Oid; edgeOf?: Place }
  /** The pull requests of a commit. */
  | { kind: 'pullRequests'; oid: Oid }
  /** Whether a branch of this name exists. */
  | { kind: 'branchName'; name: string }
  /** The pull request that a commit's headline names. */
  | { kind: 'headline'; oid: Oid }
  /** What a change changed, by the paths of the services. */
  | { kind: 'paths'; mergeset: Mergeset }
  /** The labels of a change's pull request. */
  | { kind: 'labels'; mergeset: Mergeset };

export type Kind = Request['kind'];
export type RequestOf<K extends Kind> = Extract<Request, { kind: K }>;

/** One thing that a run may have to know: what is still to be asked for it. Pure. */
export type Need = (view: View) => readonly Request[];

export function keyOf(request: Request, placeIndex: (place: Place) => number): string {
  switch (request.kind) {
    case 'branch':
      return `branch ${request.since.getTime()} ${request.isBare}`;
    case 'page':
      return `page ${placeIndex(request.place)}`;
    case 'identity':
      return `identity ${placeIndex(request.place)} ${request.unknown.join()}`;
    case 'below':
    case 'pullRequests':
    case 'headline':
      return `${request.kind} ${request.oid}`;
    case 'branchName':
      return `${request.kind} ${request.name}`;
    case 'paths':
    case 'labels':
      return `${request.kind} ${request.mergeset.mergeCommit}`;
  }
}
