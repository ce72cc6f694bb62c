import { writeFileSync } from "node:fs";
import type { AnyOrder } from "../../../client/src/index.ts";
import { Trouble, writing } from "../../trouble.ts";
import { askSecret } from "../ask.ts";
import { type Command, type Runtime, WrongCall } from "../command.ts";
import { contentOf } from "../library.ts";
import { relative } from "../times.ts";

const portal = "https://identity.apple.com/pushcert";
const upload = "upload.b64";

export const command: Command = {
  words: "[request ACCOUNT | mdmcert EMAIL | mail FILE | sign | upload FILE]",
  count: [0, 2],
  options: {
    account: { takes: "ACCOUNT", help: "with `upload`: the Apple Account that made the certificate" },
  },
  also: "Without words, it shows where you are and what comes next. The key never leaves the server.",
  async run({ words: [step, word = ""], value }, runtime) {
    if (step === undefined) return show(runtime);
    if (step === "request" && word !== "") return request(word, runtime);
    if (step === "mdmcert" && word !== "") return askMdmcert(word, runtime);
    if (step === "mail" && word !== "") return openMail(word, runtime);
    if (step === "sign") return sign(runtime);
    if (step === "upload" && word !== "") return finish(word, value("account"), runtime);
    throw new WrongCall(`edgemdm push-cert ${command.words}`);
  },
};

async function show({ api, screen }: Runtime): Promise<void> {
  const [{ items: certificates }, { items: requests }] = await Promise.all([
    api.get("/push-certificates"),
    api.get("/push-certificate-requests"),
  ]);
  if (screen.isJson) return screen.json({ certificates, requests });
  for (const { topic, account, not_after } of certificates)
    screen.facts({ topic, account, ends: relative(not_after) });
  if (certificates.length === 0) screen.say("There is no push certificate: the server cannot wake devices.");
  const [request] = requests;
  if (request !== undefined) return screen.say(`\nA request for ${request.account} is open. ${afterRequest}`);
  const account = certificates[0]?.account ?? "YOUR-APPLE-ACCOUNT";
  screen.say(
    `\nTo ${certificates.length === 0 ? "make one" : "renew it"}: edgemdm push-cert request ${account}`,
  );
}

const afterRequest =
  "Next, a vendor signs it: edgemdm push-cert mdmcert EMAIL (mdmcert.download), or edgemdm push-cert sign (your own vendor certificate).";
const afterSigning = `Next: upload ${upload} at ${portal} (Create the first time, Renew from then on), then edgemdm push-cert upload MDM_….pem`;

async function request(account: string, { api, screen }: Runtime): Promise<void> {
  const made = await api.post("/push-certificate-requests", { body: { account } });
  if (screen.isJson) screen.json(made);
  else screen.say(`The server has made a key and a request. ${afterRequest}`);
}

/** The newest: there is one, unless somebody began twice. */
async function openRequest({ api }: Runtime): Promise<string> {
  const { items } = await api.get("/push-certificate-requests");
  const [newest] = items;
  if (newest === undefined)
    throw new Trouble("no request is open: edgemdm push-cert request YOUR-APPLE-ACCOUNT");
  return newest.id;
}

async function askMdmcert(email: string, runtime: Runtime): Promise<void> {
  const { api, screen } = runtime;
  const id = await openRequest(runtime);
  const key =
    process.env.MDMCERT_API_KEY ??
    (screen.isAttended ? await askSecret("Your API key of mdmcert.download: ") : "");
  if (key === "") throw new Trouble("set MDMCERT_API_KEY to your API key of mdmcert.download");
  const asked = await api.post("/push-certificate-requests/{id}/mdmcert", {
    path: { id },
    body: { email, api_key: key },
  });
  if (screen.isJson) screen.json(asked);
  else
    screen.say(`mdmcert.download mails a file ….plist.b64.p7 to ${email}. Then: edgemdm push-cert mail FILE`);
}

async function openMail(file: string, runtime: Runtime): Promise<void> {
  const id = await openRequest(runtime);
  const body = { bytes: contentOf(file), type: "text/plain" };
  keep(
    await signed("/push-certificate-requests/{id}/mdmcert/mail", { path: { id }, body }, runtime),
    runtime,
  );
}

async function sign(runtime: Runtime): Promise<void> {
  const id = await openRequest(runtime);
  keep(await signed("/push-certificate-requests/{id}/sign", { path: { id } }, runtime), runtime);
}

async function signed(path: string, order: AnyOrder, { api }: Runtime): Promise<string> {
  return (await api.raw("POST", path, { ...order, headers: { Accept: "*/*" } })).text();
}

function keep(signed: string, { screen }: Runtime): void {
  writing(upload, () => writeFileSync(upload, signed));
  if (screen.isJson) screen.json({ file: upload });
  else screen.say(afterSigning);
}

async function finish(file: string, account: string | undefined, { api, screen }: Runtime): Promise<void> {
  const body = { bytes: contentOf(file), type: "application/x-pem-file" as const };
  const taken = await api.post("/push-certificates", { query: { account }, body });
  if (screen.isJson) return screen.json(taken);
  screen.say(
    `The push certificate is in use; it ends ${relative(taken.not_after)}. Renew it then with the same Apple Account.`,
  );
}
