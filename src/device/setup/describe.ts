import { ok, type Result, refuse } from "../../base/result.ts";
import type { SetupRow, SetupState, SetupStepRow } from "../store/setup.ts";
import type { Turn } from "../turn.ts";

/** A set-up for people: how it stands, and what holds it. */
export type SetupDescription = {
  state: SetupState;
  beganAt: number;
  endsAt: number;
  releasedBy: string | null;
  releasedAt: number | null;
  commandUuid: string | null;
  steps: (Pick<SetupStepRow, "name" | "state" | "error"> & {
    beganAt: number;
    endedAt: number | null;
    commandUuid: string | null;
    /** The device is held until it ends. */
    holds: boolean;
  })[];
};

export function describeSetup({ store }: Turn, userId: string): SetupDescription | undefined {
  const setup = store.exists() ? store.setup(userId) : undefined;
  return setup && descriptionOf(setup, store.setupSteps(userId));
}

const descriptionOf = (setup: SetupRow, steps: readonly SetupStepRow[]): SetupDescription => ({
  state: setup.state,
  beganAt: setup.began_at,
  endsAt: setup.ends_at,
  releasedBy: setup.released_by,
  releasedAt: setup.released_at,
  commandUuid: setup.command_uuid,
  steps: steps.map(({ name, state, error, began_at, ended_at, command_uuid }) => ({
    name,
    state,
    error,
    beganAt: began_at,
    endedAt: ended_at,
    commandUuid: command_uuid,
    holds: setup.state === "running" && state === "running",
  })),
});

export type ReleaseRefusal = { reason: "no-set-up" | "released"; detail: string };

/** Somebody lets it go now. Once it is under way, asking again changes nothing. */
export function releaseNow(turn: Turn, userId: string, by: string): Result<"released", ReleaseRefusal> {
  const { store, now } = turn;
  const setup = store.exists() ? store.setup(userId) : undefined;
  if (setup === undefined)
    return refuse({ reason: "no-set-up", detail: "this channel has not awaited configuration" });
  if (setup.state === "released")
    return refuse({ reason: "released", detail: "the device has been let go already" });
  if (setup.state === "releasing") return ok("released");
  const attempts = setup.state === "stuck" ? 0 : setup.attempts;
  store.setSetup(userId, { state: "running", attempts, released_by: by, ends_at: now, look_at: now });
  turn.plan();
  return ok("released");
}
