import { remembered } from "./remembered.ts";
import { assignments, type Statements } from "./statements.ts";

/**
 * `releasing`: the command that lets the device go waits for it. `stuck`: the device refused that command each time.
 */
export type SetupState = "running" | "releasing" | "released" | "stuck";

/** `late`: it took longer than a step may. */
export type StepState = "running" | "done" | "failed" | "late";

/** The set-up of a channel that awaits configuration. */
export type SetupRow = {
  user_id: string;
  state: SetupState;
  began_at: number;
  ends_at: number;
  step_ms: number;
  planned: number;
  look_at: number | null;
  released_by: string | null;
  released_at: number | null;
  command_uuid: string | null;
  attempts: number;
};

export type SetupStepRow = {
  user_id: string;
  name: string;
  place: number;
  state: StepState;
  began_at: number;
  ended_at: number | null;
  command_uuid: string | null;
  error: string | null;
};

/** Every command that ends asks whether a set-up waits for it: they are few, and kept in memory. */
export function setupStatements({ rows, run: write }: Statements) {
  const setups = remembered(() => rows<SetupRow>("SELECT * FROM setups ORDER BY user_id"));

  const run = (query: string, ...bindings: SqlStorageValue[]): number => {
    setups.forget();
    return write(query, ...bindings);
  };

  return {
    forgetSetups: setups.forget,

    setups: setups.get,

    setup: (userId: string): SetupRow | undefined => setups.get().find(({ user_id }) => user_id === userId),

    putSetup: ({ user_id, state, began_at, ends_at, step_ms, look_at }: NewSetup): number =>
      run(
        "INSERT OR REPLACE INTO setups (user_id, state, began_at, ends_at, step_ms, look_at) VALUES (?, ?, ?, ?, ?, ?)",
        user_id,
        state,
        began_at,
        ends_at,
        step_ms,
        look_at,
      ),

    setSetup(userId: string, change: Partial<Omit<SetupRow, "user_id">>): void {
      const { set, values } = assignments(change);
      run(`UPDATE setups SET ${set} WHERE user_id = ?`, ...values, userId);
    },

    setupSteps: (userId: string): SetupStepRow[] =>
      rows<SetupStepRow>("SELECT * FROM setup_steps WHERE user_id = ? ORDER BY place", userId),

    putSetupStep: ({ user_id, name, place, state, began_at, ended_at, error }: NewSetupStep): number =>
      write(
        "INSERT OR REPLACE INTO setup_steps (user_id, name, place, state, began_at, ended_at, error) VALUES (?, ?, ?, ?, ?, ?, ?)",
        user_id,
        name,
        place,
        state,
        began_at,
        ended_at,
        error,
      ),

    setSetupStep(
      userId: string,
      name: string,
      change: Partial<Omit<SetupStepRow, "user_id" | "name">>,
    ): void {
      const { set, values } = assignments(change);
      write(`UPDATE setup_steps SET ${set} WHERE user_id = ? AND name = ?`, ...values, userId, name);
    },

    dropSetupSteps: (userId: string): number => write("DELETE FROM setup_steps WHERE user_id = ?", userId),

    /** With the enrollment its set-up is over, whatever became of it. */
    dropSetups(): void {
      run("DELETE FROM setups");
      write("DELETE FROM setup_steps");
    },
  };
}

type NewSetup = Pick<SetupRow, "user_id" | "state" | "began_at" | "ends_at" | "step_ms" | "look_at">;
type NewSetupStep = Omit<SetupStepRow, "command_uuid">;
