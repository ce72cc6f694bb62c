import { remembered } from "./remembered.ts";
import { assignments, type Statements } from "./statements.ts";

/** A secret that somebody has read, until it is changed. */
export type RotationRow = {
  name: string;
  generation: number;
  escrow_id: number;
  read_at: number;
  due_at: number;
  look_at: number | null;
  command_uuid: string | null;
  attempts: number;
  error: string | null;
};

/** Every command that ends asks whether a rotation waits for it: they are few, and kept in memory. */
export function rotationStatements({ rows, run: write }: Statements) {
  const rotations = remembered(() => rows<RotationRow>("SELECT * FROM rotations ORDER BY name"));

  const run = (query: string, ...bindings: SqlStorageValue[]): number => {
    rotations.forget();
    return write(query, ...bindings);
  };

  return {
    forgetRotations: rotations.forget,

    rotations: rotations.get,

    rotation: (name: string): RotationRow | undefined => rotations.get().find((row) => row.name === name),

    putRotation: ({ name, generation, escrow_id, read_at, due_at }: NewRotation): number =>
      run(
        "INSERT OR REPLACE INTO rotations (name, generation, escrow_id, read_at, due_at, look_at) VALUES (?, ?, ?, ?, ?, ?)",
        name,
        generation,
        escrow_id,
        read_at,
        due_at,
        due_at,
      ),

    setRotation(name: string, change: Partial<Omit<RotationRow, "name">>): void {
      const { set, values } = assignments(change);
      run(`UPDATE rotations SET ${set} WHERE name = ?`, ...values, name);
    },

    dropRotation: (name: string): number => run("DELETE FROM rotations WHERE name = ?", name),
  };
}

type NewRotation = Pick<RotationRow, "name" | "generation" | "escrow_id" | "read_at" | "due_at">;
