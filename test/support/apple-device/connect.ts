/** Connect: what a device reports, and the command it reads from the answer (Apple: mdm/commands). */
import type { PlistDict } from "../../../src/plist/value.ts";
import type { Ids } from "./checkin.ts";
import { dictionary, type Entries, plistOf } from "./plist.ts";

export type Status = "Idle" | "Acknowledged" | "Error" | "CommandFormatError" | "NotNow";

/** What a device has to say about one command. */
export type Report =
  | { status: "Acknowledged"; extra?: Entries }
  | { status: "Error"; chain: readonly ChainLink[]; extra?: Entries }
  | { status: "NotNow" }
  | { status: "CommandFormatError" };

/** One link of an ErrorChain; the outermost error comes first. */
export type ChainLink = {
  ErrorCode: number;
  ErrorDomain: string;
  LocalizedDescription: string;
  USEnglishDescription: string;
};

export const chainLink = (code: number, domain: string, description: string): ChainLink => ({
  ErrorCode: code,
  ErrorDomain: domain,
  LocalizedDescription: description,
  USEnglishDescription: description,
});

export const anError: readonly ChainLink[] = [
  chainLink(12026, "MCMDMErrorDomain", "The command could not be carried out."),
];

export const failed = (code: number, description: string, domain = "MCMDMErrorDomain"): Report => ({
  status: "Error",
  chain: [chainLink(code, domain, description)],
});

export type Command = {
  uuid: string;
  requestType: string;
  /** The `Command` dictionary, RequestType included. */
  payload: PlistDict;
};

/** undefined for zero bytes: there is nothing to do. An empty dictionary is not an empty body and throws. */
export function readCommand(body: Uint8Array): Command | undefined {
  if (body.length === 0) return undefined;
  const envelope = dictionary(plistOf(body), "the answer to a connect");
  const uuid = envelope.get("CommandUUID");
  const payload = dictionary(envelope.get("Command"), "Command");
  const requestType = payload.get("RequestType");
  if (typeof uuid !== "string" || typeof requestType !== "string") {
    throw new Error("the command has no CommandUUID or no RequestType");
  }
  return { uuid, requestType, payload };
}

export const idleReport = (ids: Ids, extra: Entries): Entries => ({ Status: "Idle", ...ids, ...extra });

export const commandReport = (
  ids: Ids,
  uuid: string,
  report: Report,
  requestType: string | undefined,
): Entries => ({
  ...("extra" in report ? report.extra : {}),
  ...ids,
  CommandUUID: uuid,
  RequestType: requestType,
  Status: report.status,
  ...(report.status === "Error" ? { ErrorChain: report.chain } : {}),
});
