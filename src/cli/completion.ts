/** Completion for shells, from the declarations of the commands. */
import type { CommandSpec } from "./declaration.js";
import { optionsOf } from "./parser.js";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

interface Completed {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletedOption[];
}

interface CompletedOption {
  /** "--format", "-q" */
  readonly names: readonly string[];
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

function completedOf(spec: CommandSpec): Completed {
  const options = optionsOf(spec).map(([flags, about, { choices = [] } = {}]) => ({
    names: [...flags.matchAll(/(?<![\w-])--?[\w-]+/g)].map(([name]) => name),
    about,
    takesValue: /[<[]/.test(flags),
    choices,
  }));
  return { name: spec.name, about: spec.about, options };
}

/** What a shell is to read: `source <(gammats completion bash)`, or for fish `gammats completion fish | source`. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[]): string {
  return SCRIPTS[shell](commands.map(completedOf));
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Completed[]) => string>> = { bash, zsh, fish };

const namesOf = ({ options }: Completed) => [...options.flatMap(({ names }) => names), "--help"].join(" ");

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function bash(commands: readonly Completed[]): string {
  const cases = commands.map((command) => {
    const values = command.options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, choices }) => {
        const words = choices.length > 0 ? `compgen -W ${quoted(choices.join(" "))} -- "$cur"` : 'compgen -f -- "$cur"';
        return `        ${names.join("|")}) COMPREPLY=($(${words})); return ;;`;
      });
    return [
      `    ${command.name})`,
      ...(values.length === 0 ? [] : ['      case "$prev" in', ...values, "      esac"]),
      `      options=${quoted(namesOf(command))} ;;`,
    ].join("\n");
  });
  return `# gammats completion for bash: source <(gammats completion bash)
_gammats() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" options=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), "help", "--help", "--version"].join(" "))} -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -o bashdefault -F _gammats gammats
`;
}

function zsh(commands: readonly Completed[]): string {
  // brackets and colons end a description
  const plain = (text: string) => text.replace(/[[\]:]/g, (c) => `\\${c}`).replaceAll("'", "'\\''");
  const list = commands.map(({ name, about }) => `    '${name}:${plain(about)}'`);
  const cases = commands.map(({ name, options }) => {
    const lines = options.flatMap(({ names, about, takesValue, choices }) =>
      names.map((option) => {
        const value = choices.length > 0 ? `:value:(${choices.join(" ")})` : takesValue ? ":value:_files" : "";
        return `        '*${option}[${plain(about)}]${value}'`;
      }),
    );
    return [
      `    ${name})`,
      "      _arguments \\",
      ...lines.map((line) => `${line} \\`),
      "        '*:file:_files' ;;",
    ].join("\n");
  });
  return `#compdef gammats
# gammats completion for zsh: source <(gammats completion zsh), or as _gammats in a folder of $fpath
_gammats() {
  local -a commands
  commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _gammats gammats
`;
}

function fish(commands: readonly Completed[]): string {
  const plain = (text: string) => `'${text.replace(/[\\']/g, (c) => `\\${c}`)}'`;
  const lines = commands.flatMap(({ name, about, options }) => [
    `complete -c gammats -n __fish_use_subcommand -a ${name} -d ${plain(about)}`,
    ...options.map(({ names, about: text, takesValue, choices }) => {
      const flags = names.map((n) => (n.startsWith("--") ? `-l ${n.slice(2)}` : `-s ${n.slice(1)}`)).join(" ");
      const value = choices.length > 0 ? ` -x -a ${plain(choices.join(" "))}` : takesValue ? " -r" : "";
      return `complete -c gammats -n '__fish_seen_subcommand_from ${name}' ${flags}${value} -d ${plain(text)}`;
    }),
  ]);
  return ["# gammats completion for fish: gammats completion fish | source", ...lines, ""].join("\n");
}
