// A generated folder: written again, it loses what the baseline does not have any more. Other files are left alone.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Trouble, writing } from "../../trouble.ts";

export function writeFolder(folder: string, files: ReadonlyMap<string, string>, prefix: string): void {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  if (there.length > 0 && !there.includes("baseline.yaml"))
    throw new Trouble(`${folder} has other files and no baseline.yaml: name a new folder`);
  for (const kind of ["profiles", "declarations"])
    for (const name of existsSync(join(folder, kind)) ? readdirSync(join(folder, kind)) : [])
      if (name.startsWith(`${prefix}.`) && !files.has(`${kind}/${name}`))
        writing(join(folder, kind, name), () => rmSync(join(folder, kind, name)));
  for (const [path, text] of files) {
    const file = join(folder, path);
    writing(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    });
  }
}
