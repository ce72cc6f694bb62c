import type { OfferRow } from "../db/choices.ts";

/** How far an offered thing is on one channel, from its choice and what the device last reported. Pure. */
export const offerStates = [
  "available",
  "installing",
  "waiting_for_licence",
  "waiting_for_person",
  "installed",
  "failed",
  "not_applicable",
  "removing",
] as const;
export type OfferState = (typeof offerStates)[number];

/** `since`: null where nothing is under way and nothing happened. */
export function offerState({ chosenAt, state, stateAt }: Pick<OfferRow, "chosenAt" | "state" | "stateAt">): {
  state: OfferState;
  since: number | null;
} {
  if (chosenAt === null) {
    // What does not apply to the device was never there.
    if (state === null || state === "not_applicable") return { state: "available", since: null };
    return { state: "removing", since: state === "removing" ? stateAt : null };
  }
  switch (state) {
    case "installed":
    case "active":
    case "inactive":
      return { state: "installed", since: stateAt };
    case "failed":
    case "invalid":
    case "unknown_to_device":
      return { state: "failed", since: stateAt };
    case "waiting_for_licence":
    case "waiting_for_person":
      return { state, since: chosenAt };
    case "not_applicable":
      return { state: "not_applicable", since: stateAt };
    default:
      return { state: "installing", since: chosenAt };
  }
}
