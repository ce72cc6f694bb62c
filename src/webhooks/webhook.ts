import { fromBase64, fromUtf8, utf8 } from "../base/bytes.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import type { WebhookRow } from "../db/webhooks.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn, type SealContext, sealText } from "../pki/seal.ts";
import type { Private } from "./webhook-values.ts";

export type OpenWebhook = { row: WebhookRow; private: Private };

export const webhookContext = (id: string): SealContext => ({ what: "webhook", whose: [id] });

export const sealPrivate = async (env: Env, id: string, held: Private): Promise<string> =>
  sealText(await sealingKeys(env), webhookContext(id), utf8(JSON.stringify(held)));

export async function openWebhook(env: Env, row: WebhookRow): Promise<OpenWebhook> {
  const sealed = fromBase64(row.sealed) ?? new Uint8Array();
  const opened = await openOwn(await masterKeys(env), webhookContext(row.id), sealed);
  return { row, private: JSON.parse(fromUtf8(opened)) as Private };
}
