// `npm run import -- micromdm FILE --url URL` and `npm run import -- devices FILE --url URL`: what another product knew of a
// fleet comes here. Each line says what became of one device; the script may be run again at any time.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { whyNot } from "./arguments.ts";
import { tokenOfAdministrator } from "./backup/server.ts";
import { importDevices } from "./import/devices.ts";
import { importMicroMdm } from "./import/move-micromdm.ts";
import { refuseTakenByNpm } from "./npm-flags.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";

const usage = `npm run import -- micromdm FILE --url URL
npm run import -- devices FILE --url URL

  micromdm FILE  a copy of MicroMDM's database (micromdm.db): enrolled devices with their tokens, the authority of their
                 identities, and the push certificate
  devices FILE   a table (CSV): serial_number, tags, notes, user_email, user_name, user_department; every other column is
                 an attribute, such as room
  --url URL      the server

The admin token comes from EDGEMDM_TOKEN, else from ADMIN_TOKEN in .dev.vars.`;

const known = { name: "npm run import", options: { url: { takes: "URL", help: "the server" } } } as const;

const kinds = { micromdm: importMicroMdm, devices: importDevices };

await run(async () => {
  const { kind, file, origin } = readOptions(process.argv.slice(2));
  const { failed } = await kinds[kind]({ file, origin, token: tokenOfAdministrator() });
  if (failed > 0) throw new Trouble(`${failed} failed. Run it again to try them again.`);
});

function readOptions(args: readonly string[]): { kind: keyof typeof kinds; file: string; origin: string } {
  const wrong = (why: string) => new Trouble(`${why}\n\n${usage}`.trim());
  refuseTakenByNpm("npm run import", ["--url"]);
  let given: { values: { url?: string; help?: boolean }; positionals: string[] };
  try {
    given = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { url: { type: "string" }, help: { type: "boolean" } },
    });
  } catch (error) {
    throw new Trouble(whyNot(known, args, error), { cause: error });
  }
  if (given.values.help) {
    console.log(usage);
    process.exit(0);
  }
  const [kind, file, ...more] = given.positionals;
  if (kind !== "micromdm" && kind !== "devices")
    throw wrong(`say what is imported, micromdm or devices${kind ? `, not ${kind}` : ""}`);
  if (file === undefined || more.length > 0) throw wrong("name one file");
  const url = URL.parse(given.values.url ?? "");
  if (url === null || !/^https?:$/.test(url.protocol))
    throw wrong("--url must be the server's http or https address");
  return { kind, file: resolve(file), origin: url.origin };
}
