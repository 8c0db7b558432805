import { GuardError, oneLine } from '../../model/guard-error.ts';
import { COMMANDS, FLAGS, flagsOf } from './flags.ts';

/** Scripts that complete commands and flags in a shell. */

const NAME = 'deploy-latency-guard';
const commands = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];
const quoted = (text: string) => text.replaceAll("'", '’');

/** The branches of a `case` that assign the words after each command. */
function casesWith(assignment: (words: string) => string): string {
  const cases = commands.map((command) => {
    const flags = flagsOf(command).map(({ name }) => `--${name}`);
    return `    ${command}) ${assignment(`${flags.join(' ')}${command === 'completion' ? ' bash zsh fish' : ''}`)} ;;`;
  });
  return cases.join('\n');
}

/** @throws {GuardError} for an unsupported shell. */
export function completionFor(shell: string): string {
  const script = SHELLS[shell as keyof typeof SHELLS];
  if (!script)
    throw new GuardError(
      `Shell "${oneLine(shell)}" is not supported; accepted: ${Object.keys(SHELLS).join(', ')}.`,
    );
  return script();
}

const SHELLS = {
  bash: () => `# source <(${NAME} completion bash)
_deploy_latency_guard() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.join(' ')}"
  else case "$command" in
${casesWith((words) => `words="${words}"`)}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _deploy_latency_guard ${NAME}
`,
  zsh: () => `#compdef ${NAME}
# source <(${NAME} completion zsh)
_deploy_latency_guard() {
  local -a commands flags
  commands=(${Object.entries(COMMANDS)
    .map(([name, { text }]) => `'${name}:${quoted(text).replaceAll(':', ' -')}'`)
    .join(' ')})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${casesWith((words) => `flags=(${words})`)}
  esac
  compadd -- $flags
}
compdef _deploy_latency_guard ${NAME}
`,
  fish: () =>
    [
      `# ${NAME} completion fish | source`,
      ...Object.entries(COMMANDS).map(
        ([name, { text }]) =>
          `complete -c ${NAME} -n __fish_use_subcommand -f -a ${name} -d '${quoted(text)}'`,
      ),
      ...FLAGS.map(({ name, value, text, commands: flagCommands }) => {
        const when = ` -n '__fish_seen_subcommand_from ${flagCommands.join(' ')}'`;
        return `complete -c ${NAME}${when} -l ${name}${value === null ? '' : ' -r'} -d '${quoted(text)}'`;
      }),
      `complete -c ${NAME} -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'`,
      '',
    ].join('\n'),
};
