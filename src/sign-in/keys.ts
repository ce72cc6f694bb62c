import type { JSONWebKeySet } from "jose";
import { logFault } from "../base/log.ts";
import { ok, type Result } from "../base/result.ts";
import { hour, minute } from "../base/time.ts";
import { askProvider, misbehaves } from "./client.ts";
import type { SignInRefusal } from "./refusal.ts";

/**
 * The keys that a provider signs with, held for an hour. A token under a key that is not among them is how one learns
 * that the provider has changed keys: then it is asked again, once a minute at most, since anybody can send such tokens.
 *
 * What is kept are finished answers only: a request must not wait for what another one asked.
 */
const freshForMs = hour;
const againAfterMs = minute;
const mostHeld = 20;
const mostKeys = 100;
const held = new Map<string, { keys: JSONWebKeySet; loadedAt: number }>();

export type KeyDemand = "any" | "newer";

/** `newer`: those at hand did not help. */
export async function keysAt(
  url: string,
  demand: KeyDemand,
  now: number,
): Promise<Result<JSONWebKeySet, SignInRefusal>> {
  const known = held.get(url);
  const good = demand === "any" ? freshForMs : againAfterMs;
  if (known !== undefined && now - known.loadedAt < good) return ok(known.keys);
  const read = await fetchKeys(url);
  if (read.ok) {
    if (held.size >= mostHeld) held.clear();
    held.set(url, { keys: read.value, loadedAt: now });
    return read;
  }
  if (known === undefined || read.refusal.reason !== "provider-unreachable") return read;
  logFault("sign-in-keys-stale", new Error(read.refusal.detail));
  return ok(known.keys);
}

async function fetchKeys(url: string): Promise<Result<JSONWebKeySet, SignInRefusal>> {
  const told = await askProvider(url);
  if (!told.ok) return told;
  const { keys } = told.value.json;
  if (told.value.status !== 200 || !Array.isArray(keys) || keys.length > mostKeys)
    return misbehaves(`${url} holds no set of keys`);
  return ok({ keys: keys.filter(isKey) });
}

const isKey = (value: unknown): value is JSONWebKeySet["keys"][number] =>
  typeof value === "object" && value !== null && "kty" in value && typeof value.kty === "string";

/** @internal Tests begin as a fresh isolate does. */
export const forgetKeys = (): void => held.clear();
