import type { Command } from './command.ts';
import { flagHelp } from './help.ts';

/** A script that completes commands, flags and files; undefined for a shell that is not known. */
export function completionScript(shell: string, commands: readonly Command[]): string | undefined {
  const sorted = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (shell === 'bash') return bashScript(sorted);
  if (shell === 'zsh') return zshScript(sorted);
  return shell === 'fish' ? fishScript(sorted) : undefined;
}

const flagsOf = ({ flags, sharedFlags }: Command) => Object.entries({ ...flags, ...sharedFlags });

const wordsOf = (command: Command): string =>
  flagsOf(command)
    .flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
    .join(' ');

const bashScript = (commands: readonly Command[]): string => `_osless() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word"))
    return
  fi
  [[ $word == -* ]] || return 0
  case \${COMP_WORDS[1]} in
${commands.map((command) => `    ${command.name}) COMPREPLY=($(compgen -W '${wordsOf(command)}' -- "$word")) ;;`).join('\n')}
  esac
}
complete -o default -F _osless osless
`;

const zshScript = (commands: readonly Command[]): string => `#compdef osless
_osless() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, summary }) => `      ${quote(`${name}:${summary}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  if [[ \${words[CURRENT]} != -* ]]; then
    _files
    return
  fi
  local -a flags
  case \${words[2]} in
${commands.map((command) => `    ${command.name}) flags=(${flagsOf(command).map(zshFlag).join(' ')}) ;;`).join('\n')}
  esac
  _describe flag flags
}
compdef _osless osless
`;

const zshFlag = ([name, flag]: readonly [string, Command['flags'][string]]): string =>
  quote(`--${name}:${flagHelp(flag).replaceAll(':', '\\:')}`);

const fishScript = (commands: readonly Command[]): string =>
  commands
    .flatMap((command) => [
      `complete -c osless -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
      ...flagsOf(command).map(
        ([name, flag]) =>
          `complete -c osless -n '__fish_seen_subcommand_from ${command.name}' -l ${name}` +
          `${flag.short === undefined ? '' : ` -s ${flag.short}`}${flag.type === 'boolean' ? '' : ' -r'} -d ${quote(flagHelp(flag))}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join('');

/** In single quotes, as all three shells read them; an apostrophe ends them, stands escaped, and begins them again. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
