import type { RunLists } from '../github/actions/runs.ts';
import type { CommitRuns } from '../github/actions/suites.ts';
import type { History } from '../github/history/history.ts';
import type { OpeningPart } from '../github/history/opening.ts';
import type { Once } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Asker } from '../model/asker.ts';
import type { Service } from '../model/service.ts';

/** An option that belongs to a source, as a row of the table of options. */
export interface SourceInput {
  default: string;
  description: string;
  /** Whether it is an input of the action, too, or a key of the file of settings alone. */
  isInput: boolean;
  /** Whether it is among those that matter first, of many repositories too. */
  isFirst?: boolean;
  accepts?: { pattern: string };
  /** Whether the file may give a list. */
  isList?: boolean;
}

/** What there is beside GitHub: the machine that it runs on. */
export interface Outside {
  /** The folder that files are below. */
  workspace: string;
  /** Whether requests go through a proxy. */
  proxied: boolean;
}

/** What a source has at hand when it is opened. */
export interface SourceIO {
  repo: Repo;
  outside: Outside;
  /** The opening query's repository with what the source asked for along with it, unchecked; `null`: it was not asked. */
  opened: unknown;
  /** Reads a list once, whoever asks for it. */
  once: Once;
  /** The runs of workflows, each list read once. */
  runs: RunLists;
  /** The runs on commits, each read once. */
  commitRuns: CommitRuns;
  baseBranch: string;
  /** Nothing later is asked about. */
  until: Date;
  /** Who asks, and when. */
  asker: Asker;
  /** Takes in the commits that come with deployments, and tells of those that were read. */
  history: Pick<History, 'add' | 'noteDate' | 'commits'>;
}

/** Where deploys are told: the one thing that knows what a deploy is here. */
export interface DeploySource<Options = unknown> {
  kind: string;
  /** Inputs of its own, by name. Several sources may share one; given with any other source it is refused. */
  inputs: Readonly<Record<string, SourceInput>>;
  /**
   * Checks its inputs.
   *
   * @throws {GuardError} naming the input, the value and what is accepted.
   */
  parse(inputs: Readonly<Record<string, string>>): Options;
  /** What these options take for a deploy, in a few words: two guards that differ in it are two. */
  subject(options: Options): string;
  /**
   * The environments that a unit's names and patterns are of; without it the unit's own name is all there is.
   *
   * @throws {GuardError} where they are of several services.
   */
  environmentsOf?(io: Pick<SourceIO, 'repo' | 'once'>, patterns: readonly string[]): Promise<string[]>;
  /**
   * Names the list that the deployments are read from. Services with the same list read it once, whatever each of them
   * counts of it. Without it no two services share one.
   */
  listOf?(service: Service): string;
  /** What it wants asked along with the first request; `null`: nothing. */
  opening(service: Service, options: Options): OpeningPart | null;
  /**
   * The newest deployments, and the way to older ones.
   *
   * @throws {GuardError} where an option names what is not there.
   */
  open(io: SourceIO, service: Service, options: Options): Promise<DeploymentFeed>;
  /** Of a feed that is empty: why, and what would be accepted; one line. */
  explainEmpty(
    io: Pick<SourceIO, 'repo' | 'outside' | 'once' | 'baseBranch'>,
    service: Service,
    options: Options,
  ): Promise<string>;
  /** The job that deploys, where an option says it. */
  deployJob?(options: Options): string | null;
}
