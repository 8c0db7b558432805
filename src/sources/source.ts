import type { RunLists } from '../github/actions/runs.ts';
import type { CommitRuns } from '../github/actions/suites.ts';
import type { History } from '../github/history/history.ts';
import type { OpeningPart } from '../github/history/opening.ts';
import type { Once } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { GuardRun } from '../model/guard-run.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Service } from '../model/service.ts';

/** An option that belongs to a source, as a row of the table of options. */
export interface SourceInput {
  default: string;
  description: string;
  /** True if the action has an input for it. Otherwise only the configuration file does. */
  isInput: boolean;
  /** True if help lists it among the most important options. */
  isFirst?: boolean;
  /** Accepted values, and words for them in an error. Defaults to any text. */
  accepts?: { pattern: string; words: string };
  /** Set if the configuration file accepts a list. */
  isList?: 'spaces';
  /** Pattern for an item of a list. */
  item?: string;
}

/** The machine that the guard runs on. */
export interface RunnerMachine {
  /** Folder that file paths are relative to. */
  workspace: string;
  /** True if requests go through a proxy. */
  proxied: boolean;
}

/** Everything that a source needs to read deployments. */
export interface SourceIO {
  repo: Repo;
  outside: RunnerMachine;
  /** The unchecked `repository` of the opening query with the source's part; `null`: the query had no such part. */
  opened: unknown;
  /** Reads a list once for all services of a run. */
  once: Once;
  /** The runs of workflows; each list is read once. */
  runs: RunLists;
  /** The runs on commits; each commit is read once. */
  commitRuns: CommitRuns;
  baseBranch: string;
  /** Nothing newer is read. */
  until: Date;
  asker: GuardRun;
  /** Collects the commits that come with deployments, and offers those that were read. */
  history: Pick<History, 'add' | 'noteDate' | 'commits'>;
}

/** A place where deployments are recorded. Only its source knows which of its records are deployments. */
export interface DeploySource<Options = unknown> {
  kind: string;
  /** The source's own inputs by name. Sources may share an input; with any other source it is an error. */
  inputs: Readonly<Record<string, SourceInput>>;
  /**
   * Checks the source's inputs together. Each has a value that its row accepts, or is empty.
   *
   * @throws {GuardError} naming the input, the value and what is accepted.
   */
  parse(inputs: Readonly<Record<string, string>>): Options;
  /** The deployments that these options count, in a few words. Two guards of a repository differ in it. */
  subject(options: Options): string;
  /**
   * The environments that a service's names and patterns match. Without it, a service has just the one it names.
   *
   * @throws {GuardError} if they belong to several services.
   */
  environmentsOf?(io: Pick<SourceIO, 'repo' | 'once'>, patterns: readonly string[]): Promise<string[]>;
  /**
   * Identifies the list that deployments are read from. Services with the same list share it, even if they count
   * different entries. Without it, no list is shared.
   */
  listOf?(service: Service): string;
  /** The source's part of the first request; `null`, or without this function: none. */
  opening?(service: Service, options: Options): OpeningPart | null;
  /**
   * Reads the newest deployments; the feed reads older ones on demand.
   *
   * @throws {GuardError} if an option names something that does not exist.
   */
  open(io: SourceIO, service: Service, options: Options): Promise<DeploymentFeed>;
  /** Why the feed is empty and what would be accepted, in one line. */
  explainEmpty(
    io: Pick<SourceIO, 'repo' | 'outside' | 'once' | 'baseBranch'>,
    service: Service,
    options: Options,
  ): Promise<string>;
  /** The job that deploys, if an option names it. */
  deployJob?(options: Options): string | null;
}
