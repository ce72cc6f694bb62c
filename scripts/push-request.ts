// `npm run push-request -- --url URL --account EMAIL --vendor FILE --out FILE`: has the server make a key and a request,
// and signs the request here, so that the vendor's key never leaves this machine.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { signForPortal } from "../src/apns/certificate-request.ts";
import { readPem } from "../src/pki/pem.ts";
import { readVendor } from "../src/push/read-vendor.ts";
import { readArguments } from "./arguments.ts";
import { missing, originOf, tokenOfAdministrator } from "./backup/server.ts";
import { refuseTakenByNpm } from "./npm-flags.ts";
import { request } from "./request.ts";
import { run } from "./run.ts";
import { causeOf, Trouble, writing } from "./trouble.ts";

const script = {
  name: "npm run push-request",
  does: "Has the server make a key and a request, and signs the request here: the vendor's key stays on this machine.",
  options: {
    url: { takes: "URL", help: "the server" },
    account: { takes: "EMAIL", help: "the Apple Account that will ask for the certificate" },
    vendor: {
      takes: "FILE",
      help: "PEM: the vendor's certificate, its key, Apple's intermediate and root, in one file or several",
      many: true,
    },
    out: { takes: "FILE", help: "what is to be uploaded at https://identity.apple.com/pushcert" },
  },
  also: `The admin token comes from EDGEMDM_TOKEN, else from ADMIN_TOKEN in .dev.vars; the password of an encrypted key from
VENDOR_PASSWORD.`,
} as const;

type Options = { origin: string; account: string; vendor: string[]; out: string };

await run(async () => {
  const { origin, account, vendor: files, out } = readOptions();
  const text = files.map(contentOf).join("\n");
  const password = process.env.VENDOR_PASSWORD;
  const vendor = await readVendor({ form: "pem", text, password }, Date.now());
  if (!vendor.ok) throw new Trouble(`--vendor: ${vendor.refusal.field}: ${vendor.refusal.detail}`);
  const { id, csr } = await newRequest(origin, account);
  const der = readPem(csr)[0]?.der;
  if (der === undefined) throw new Trouble("the server answered without a request; is --url an edgemdm?");
  const file = await signForPortal(der, vendor.value);
  writing(out, () => writeFileSync(out, file));
  console.log(`${out} is what https://identity.apple.com/pushcert takes (request ${id}).
Upload the certificate that comes back, without a key: the server has it.`);
});

function readOptions(): Options {
  refuseTakenByNpm(script.name, ["--url", "--account", "--vendor", "--out"]);
  const { url, account, vendor, out } = readArguments(script);
  const origin = originOf(script, url);
  if (!account) throw missing(script, "--account must name the Apple Account");
  if (vendor.length === 0) throw missing(script, "--vendor must name a file");
  if (!out) throw missing(script, "--out must name a file");
  return { origin, account, vendor: vendor.map((file) => resolve(file)), out: resolve(out) };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Trouble(`cannot read ${file}: ${causeOf(error)}`, { cause: error });
  }
}

async function newRequest(origin: string, account: string): Promise<{ id: string; csr: string }> {
  const answer = await request(`${origin}/api/v1/push-certificate-requests`, {
    method: "POST",
    token: tokenOfAdministrator(),
    json: { account },
  });
  if (answer.status !== 201) throw new Trouble(`the server answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body);
}
