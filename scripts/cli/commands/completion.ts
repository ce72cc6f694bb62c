import { type Command, common, WrongCall } from "../command.ts";
import { commands } from "../names.ts";

export const command: Command = {
  words: "bash|zsh|fish",
  count: [1, 1],
  also: 'bash: eval "$(edgemdm completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc; fish: edgemdm completion fish | source in config.fish.',
  async run({ words: [shell = ""] }, { screen }) {
    const scripts: Readonly<Record<string, (known: Known) => string>> = { bash, zsh, fish };
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) throw new WrongCall("edgemdm completion bash|zsh|fish");
    screen.say(script(await known()));
  },
};

type Known = readonly { name: string; summary: string; options: readonly { name: string; help: string }[] }[];

const known = (): Promise<Known> =>
  Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => {
      const { options = {} } = (await load()).command;
      const all = Object.entries({ ...options, ...common });
      return { name, summary, options: all.map(([option, { help }]) => ({ name: `--${option}`, help })) };
    }),
  );

const wordsOf = (all: Known): string =>
  all
    .map(
      ({ name, options }) =>
        `    ${name}) words="${options.map((option) => option.name).join(" ")} --help" ;;`,
    )
    .join("\n");

const bash = (all: Known): string => `_edgemdm() {
  local words
  case "\${COMP_WORDS[1]}" in
${wordsOf(all)}
    *) words="" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${all.map(({ name }) => name).join(" ")}"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _edgemdm edgemdm`;

const zsh = (all: Known): string => `autoload -Uz bashcompinit && bashcompinit
${bash(all)}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

const fish = (all: Known): string =>
  all
    .flatMap(({ name, summary, options }) => [
      `complete -c edgemdm -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...options.map(
        (option) =>
          `complete -c edgemdm -n '__fish_seen_subcommand_from ${name}' -l ${option.name.slice(2)} -d ${quoted(option.help)}`,
      ),
    ])
    .join("\n");
