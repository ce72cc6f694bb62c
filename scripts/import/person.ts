// The person of a line of the table: found by the address, added or completed.
import type { Answer, RequestInput } from "../request.ts";
import type { Row } from "./csv.ts";

type Ask = (path: string, input?: Omit<RequestInput, "token">) => Promise<Answer>;
type Person = { id: string; name: string | null; department: string | null };

export const personColumns = ["user_email", "user_name", "user_department"];

/** The person's id; undefined: the line names nobody; an answer: the server's refusal. */
export async function personOf({ cells }: Row, ask: Ask): Promise<string | undefined | Answer> {
  const email = cells.get("user_email") ?? "";
  if (email === "") return undefined;
  const told = { name: cells.get("user_name") ?? "", department: cells.get("user_department") ?? "" };
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== ""));
  const found = await ask(`/people?email=${encodeURIComponent(email)}`);
  if (found.status !== 200) return found;
  const [person] = JSON.parse(found.body).items as Person[];
  if (person === undefined) {
    const added = await ask("/people", { method: "POST", json: { email, ...given } });
    return added.status === 201 ? (JSON.parse(added.body) as Person).id : added;
  }
  const isOther = Object.entries(given).some(([name, value]) => person[name as "name"] !== value);
  if (!isOther) return person.id;
  const changed = await ask(`/people/${person.id}`, { method: "PATCH", json: given });
  return changed.status === 200 ? person.id : changed;
}
