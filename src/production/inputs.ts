import { address, choice, commitPattern, duration, type OptionType, text } from '../config/option-types.ts';
import { badInput } from '../model/guard-error.ts';

/** The inputs of the action `live`. `npm run docs` writes them into its action.yml and into docs/recipes.md. */

interface Input<T> extends OptionType<T> {
  default: string;
  description: string;
}

const commit: OptionType<string> = {
  parse(value) {
    if (!/^[0-9a-f]{40}$/i.test(value)) throw badInput('commit', value, 'a commit with all forty digits');
    return value.toLowerCase();
  },
};

export const LIVE_INPUTS = {
  url: {
    ...address,
    default: '',
    description: 'Address where production answers with its commit, in the body or a header. Has no default.',
  },
  timeout: {
    ...duration(6 * 3600),
    default: '5m',
    description: 'Maximum time to wait for the commit. Defaults to `5m`.',
  },
  match: {
    ...commitPattern,
    default: '',
    description:
      'Regular expression for the answer, whose first group is the commit. Defaults to the only commit in the answer.',
  },
  live: {
    ...choice(['last', 'first']),
    default: 'last',
    description:
      'Instances that must run the commit: `last` waits for ten matching answers in a row, `first` for one. Defaults to `last`.',
  },
  commit: {
    ...commit,
    default: '',
    description: "Commit being deployed, with all forty digits. Defaults to the job's commit, `GITHUB_SHA`.",
  },
  'github-token': {
    ...text,
    default: '',
    description:
      "Token with `contents: read`, to accept newer commits that contain this one. Defaults to the job's `GITHUB_TOKEN`.",
  },
} satisfies Record<string, Input<unknown>>;

export type LiveInputName = keyof typeof LIVE_INPUTS;
export const LIVE_INPUT_NAMES = Object.keys(LIVE_INPUTS) as LiveInputName[];

export type LiveInputs = {
  [Name in LiveInputName]: (typeof LIVE_INPUTS)[Name] extends OptionType<infer T> ? T : never;
};

/**
 * @param sha - commit of the job, the default of `commit`.
 * @throws {GuardError} for the first invalid input.
 */
export function liveInputs(raw: Partial<Record<LiveInputName, string>>, sha: string): LiveInputs {
  const value = (name: LiveInputName) =>
    raw[name]?.trim() || (name === 'commit' ? sha : LIVE_INPUTS[name].default);
  return Object.fromEntries(
    LIVE_INPUT_NAMES.map((name) => [name, LIVE_INPUTS[name].parse(value(name), name, new Date(0))]),
  ) as LiveInputs;
}
