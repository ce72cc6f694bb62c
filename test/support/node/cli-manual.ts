// docs/cli.md, made from the lines that the subcommands themselves read.
import { helpOf } from "../../../scripts/cli/command.ts";
import { commands } from "../../../scripts/cli/names.ts";

export async function manual(): Promise<string> {
  const pages = await Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => {
      const { command } = await load();
      return `## edgemdm ${name}\n\n<!-- not run: the program's own words -->\n\`\`\`text\n${helpOf(name, summary, command)}\n\`\`\`\n`;
    }),
  );
  return `${introduction}\n${pages.join("\n")}`;
}

const introduction = `# The command line

\`npx edgemdm\` manages devices from a terminal. It starts in a tenth of a second, needs Node 22.12 or newer, and speaks only the
[API](api.md).

It takes the server from \`EDGEMDM_URL\` and \`EDGEMDM_TOKEN\`; without them the one that \`edgemdm login\` stored (in
\`~/.config/edgemdm/login.json\`, readable only by you); without a log-in the one that \`npm start\` runs in this folder. A token is
sent only over https, or to this machine.

- A device is named by its id, its serial number or its name. A beginning is enough if only one device has it.
- \`--json\` prints JSON for programs. Tables fit the terminal; \`NO_COLOR\` turns colors off.
- What cannot be undone asks first. In a script, \`--yes\` or \`--confirm N\` answers.
- The exit code is 0 for success, 1 for what went wrong, 2 for a wrong call. \`edgemdm status\` ends with 3 if something is urgent.
`;
