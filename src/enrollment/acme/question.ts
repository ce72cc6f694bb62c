import type { Order } from "../../acme/order.ts";
import type { AcmeRefusal } from "../../acme/problem.ts";
import type { Bytes } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";

/** A request to an account's object: its signature is valid, and it has its nonce. */
export type Question = { nonce: string; nonceEndsAt: number } & (
  | { ask: "account" }
  | { ask: "new-order"; payload: Bytes /** The use whose directory was asked. */; use: string | undefined }
  | { ask: "orders" }
  | { ask: "order"; id: string }
  | { ask: "challenge" | "finalize"; id: string; payload: Bytes }
  | { ask: "revoke"; fingerprint: string; reason: string }
);

export type Answer =
  | { told: "account"; isNew: boolean }
  | { told: "order"; order: Order }
  | { told: "orders"; ids: string[] }
  | { told: "revoked" };

export type Answered = Result<Answer, AcmeRefusal>;
