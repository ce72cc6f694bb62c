import type { AdeAccount } from "../ade/account.ts";
import type { AppleAnswer } from "../ade/answer.ts";
import {
  type ActivationLock,
  type AdeCall,
  type AdeRequest,
  accountCall,
  activationLockCall,
  betaTokensCall,
  defineProfileCall,
  getDiscoveryCall,
  getProfileCall,
  removeDiscoveryCall,
  replacementCall,
  setDiscoveryCall,
} from "../ade/calls.ts";
import type { AdeClient } from "../ade/client.ts";
import type { AdeProfile } from "../ade/profile.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import type { AdeToken } from "../ade/token.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type AdeAccountRow, changeAccount, findAccount } from "../db/ade-accounts.ts";
import { dropDevices } from "../db/ade-sync.ts";
import { openDb } from "../db/open.ts";
import { toPem } from "../pki/pem.ts";
import { clientFor, openToken } from "./account.ts";
import { concernsAccount, noteTrouble } from "./account-state.ts";
import {
  assignByHand,
  disownByHand,
  type Hand,
  type HandOutcomes,
  refreshByHand,
  unassignByHand,
} from "./by-hand.ts";
import { derOf, makeKeyPair } from "./key-pair.ts";
import type { Progress } from "./progress.ts";
import { type TurnOutcome, takeTurn } from "./turn.ts";
import { openUploadedFile, takeToken, type UploadOptions, type UploadRefusal } from "./upload-token.ts";

export type { HandOutcomes };

/** What Apple refused, or that there is no token to ask with. */
export type AskRefusal = AdeRefusal | { reason: "no-token"; detail: string };
export type Asked<Value> = Result<Value, AskRefusal>;
export type UploadAnswer = Result<"taken", UploadRefusal>;
export type AdeService = ReturnType<typeof adeService>;

/** Of an account that is gone, at once. */
const rowsDropped = 5_000;

/** All that an account's object does, but for its alarm. One client lives as long as the token and what it is reached by. */
export function adeService(env: Env, name: string) {
  const db = openDb(env.DB);
  let held: { madeFor: string; client: AdeClient } | undefined;

  const account = async (): Promise<AdeAccountRow> => {
    const row = await findAccount(db, name);
    if (!row) throw new Error(`there is no ADE account ${name}`);
    return row;
  };

  const clientOf = async (row: AdeAccountRow): Promise<AdeClient | undefined> => {
    const { sealedToken, baseUrl, userAgent, protocolVersion } = row;
    const madeFor = JSON.stringify([sealedToken, baseUrl, userAgent, protocolVersion]);
    if (held?.madeFor === madeFor) return held.client;
    const token = await openToken(env, row);
    if (!token) return undefined;
    const client = clientFor(token, row);
    held = { madeFor, client };
    return client;
  };

  /** With the account's client; what Apple says of the account as a whole is kept. */
  const withClient = async <Value>(
    work: (client: AdeClient, row: AdeAccountRow) => Promise<Result<Value, AdeRefusal>>,
  ): Promise<Asked<Value>> => {
    const row = await account();
    const client = await clientOf(row);
    if (!client) return refuse({ reason: "no-token", detail: `the account ${name} has no token yet` });
    const answer = await work(client, row);
    if (!answer.ok && concernsAccount(answer.refusal))
      await noteTrouble(env, row, answer.refusal, Date.now());
    return answer;
  };

  const call = <Value>(one: AdeCall<Value>): Promise<Asked<Value>> =>
    withClient((client) => client.call(one));

  const byHand = (
    work: (hand: Hand) => Promise<Result<HandOutcomes, AdeRefusal>>,
  ): Promise<Asked<HandOutcomes>> => withClient((client, row) => work({ env, row, client, now: Date.now() }));

  return {
    async makeKeyPair(commonName = "edgemdm", validMs?: number): Promise<string | undefined> {
      const now = Date.now();
      const pair = await makeKeyPair(env, name, `${commonName} ${name}`, now, validMs);
      const columns = { nextCertificate: pair.certificate, sealedNextKey: pair.sealedKey, updatedAt: now };
      const row = await changeAccount(db, name, columns);
      return row && toPem("CERTIFICATE", derOf(pair.certificate));
    },

    async uploadFile(file: Uint8Array, options: UploadOptions): Promise<UploadAnswer> {
      const row = await account();
      const opened = await openUploadedFile(env, row, file, Date.now());
      if (!opened.ok) return opened;
      return takeToken(env, row, opened.value.token, opened.value.pair, options, Date.now());
    },

    /** Of a token in the clear nobody knows which pair it was made for: that which waits, or the present one. */
    async uploadToken(token: AdeToken, options: UploadOptions): Promise<UploadAnswer> {
      return takeToken(env, await account(), token, undefined, options, Date.now());
    },

    refreshAccount: (): Promise<Asked<AdeAccount>> =>
      withClient(async (client) => {
        const answer = await client.call(accountCall());
        if (answer.ok) await changeAccount(db, name, { details: answer.value });
        return answer;
      }),

    async define(profile: AdeProfile): Promise<Asked<string>> {
      const defined = await call(defineProfileCall(profile));
      return defined.ok ? ok(defined.value.profile_uuid) : defined;
    },

    profileAtApple: (uuid: string) => call(getProfileCall(uuid)),
    assign: (profile: string, serials: string[]) => byHand((hand) => assignByHand(hand, profile, serials)),
    unassign: (serials: string[]) => byHand((hand) => unassignByHand(hand, serials)),
    disown: (serials: string[]) => byHand((hand) => disownByHand(hand, serials)),
    refreshDevices: (serials: string[]) => byHand((hand) => refreshByHand(hand, serials)),
    lock: (lock: ActivationLock) => call(activationLockCall(lock)),
    replacement: (serial: string) => call(replacementCall(serial)),
    betaTokens: () => call(betaTokensCall()),
    discovery: () => call(getDiscoveryCall()),
    setDiscovery: (url: string | null): Promise<Asked<true>> =>
      call(url === null ? removeDiscoveryCall() : setDiscoveryCall(url)),
    send: (request: AdeRequest, protocolVersion: number | undefined): Promise<Asked<AppleAnswer>> =>
      withClient((client) => client.send(request, protocolVersion)),

    async maySync(freshMs: number): Promise<"yes" | "fresh" | "no-token"> {
      const row = await account();
      if (row.sealedToken === null) return "no-token";
      return (row.syncedAt ?? 0) > Date.now() - freshMs ? "fresh" : "yes";
    },

    async takeTurn(progress: Progress): Promise<TurnOutcome | "gone" | "going" | "no-token"> {
      const row = await findAccount(db, name);
      if (!row) return (await dropDevices(db, name, rowsDropped)) < rowsDropped ? "gone" : "going";
      const client = await clientOf(row);
      return client ? takeTurn(env, row, client, progress, Date.now()) : "no-token";
    },
  };
}
