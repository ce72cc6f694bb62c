// A folder that may be used: everything wrong with it is told at once, and stops.
import { statSync } from "node:fs";
import { Trouble } from "../../trouble.ts";
import { printable, type Screen } from "../screen.ts";
import { type Folder, readFolder } from "./folder.ts";
import type { Finding } from "./thing.ts";

export async function checkedFolder(path: string, screen: Screen): Promise<Folder> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Trouble(`${path} is no folder`);
  const folder = await readFolder(path);
  const errors = folder.findings.filter(({ level }) => level === "error");
  const say = (finding: Finding) => folder.secrets.hide(printable(lineOf(finding)));
  if (!screen.isJson)
    for (const finding of folder.findings)
      if (finding.level === "warning") screen.note(`warning: ${say(finding)}`);
  if (errors.length > 0)
    throw new Trouble(
      [...errors.map(say), `${path}: ${errors.length} to correct; nothing was changed`].join("\n"),
    );
  return folder;
}

const lineOf = ({ file, pointer, detail }: Finding): string =>
  [file, pointer].filter(Boolean).join(" ") + (file || pointer ? ": " : "") + detail;
