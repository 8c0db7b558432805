import type { Oid } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Destination } from './reading.ts';
import type { View } from './view.ts';

/** Requests of one kind are made together, and requests with the same key are made once. */
export type Request =
  /** The base branch back to a date; `isBare`: without pull requests. */
  | { kind: 'branch'; since: Date; isBare: boolean }
  /** One more page of a destination's deployments. */
  | { kind: 'page'; destination: Destination }
  /** The workflow runs behind a destination's deployments, to decide which ones count. */
  | { kind: 'identity'; destination: Destination; unknown: readonly string[] }
  /** A commit and its ancestors; `edgeOf`: the walk from what was live at this destination ended there. */
  | { kind: 'below'; oid: Oid; edgeOf?: Destination }
  /** The pull requests of a commit. */
  | { kind: 'pullRequests'; oid: Oid }
  /** Finds out if a branch of this name exists. */
  | { kind: 'branchName'; name: string }
  /** The pull request that a commit's headline names. */
  | { kind: 'headline'; oid: Oid }
  /** What a change touched, for the paths of services. */
  | { kind: 'paths'; mergeset: Mergeset }
  /** The labels of a change's pull request. */
  | { kind: 'labels'; mergeset: Mergeset };

export type Kind = Request['kind'];
export type RequestOf<K extends Kind> = Extract<Request, { kind: K }>;

/** A pure function that returns the requests still needed for one aspect of an answer. */
export type Need = (view: View) => readonly Request[];

export function keyOf(request: Request, destinationIndex: (destination: Destination) => number): string {
  switch (request.kind) {
    case 'branch':
      return `branch ${request.since.getTime()} ${request.isBare}`;
    case 'page':
      return `page ${destinationIndex(request.destination)}`;
    case 'identity':
      return `identity ${destinationIndex(request.destination)} ${request.unknown.join()}`;
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
