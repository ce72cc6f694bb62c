// What of a set is going out in rings just now, and by which plan its next change goes.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { type Resource, useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { SelectField } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import { words } from "../../words/words.ts";

type Rollout = Schemas["Rollout"];

/** The rollout of a set that has not ended: the newest, as each replaces the one before. */
export const useOpenRollout = (subject: string): Resource<Rollout | undefined> =>
  useResource(
    async (signal) => {
      const query = { kind: "set", subject, limit: 1 } as const;
      const { items } = await api.get("/rollouts", { query, signal });
      return items.find(({ ended_at }) => ended_at === null);
    },
    [subject],
  );

export function OpenRollout({ of: rollout, note }: { of: Rollout | undefined; note: string }) {
  const said = words("library").inRings;
  if (rollout === undefined) return null;
  const isHalted = rollout.state === "halted";
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const have = sum(rollout.rings.map(({ succeeded }) => succeeded));
  const devices = sum(rollout.rings.map((ring) => ring.devices - ring.not_applicable));
  return (
    <div class={`note tone-${isHalted ? "bad" : "info"}`} role="status">
      <Icon name={isHalted ? "stop" : "next"} />
      <div>
        <p class="note-title">{isHalted ? said.halted : said.running}</p>
        <p>
          {rollout.counted_at === null ? said.counting : said.haveIt(have, devices)} {note}
        </p>
        <p>
          <Link to={`/rollouts/${rollout.id}`}>{said.link}</Link>
        </p>
      </div>
    </div>
  );
}

/** Empty: as the settings say, or as the rollout that runs. */
export function PlanField({ value, onChange }: { value: string; onChange: (plan: string) => void }) {
  const said = words("library").inRings;
  const settings = useResource((signal) => api.get("/settings", { signal }), []);
  const { rollout_plans: plans = [], connectivity_rollout: usual } = settings.value ?? {};
  const hint = usual ? said.usualBy(usual) : said.usualNone;
  return (
    <SelectField
      label={said.how}
      hint={value === "" ? `${hint} ${said.others}` : said.others}
      value={value}
      options={[
        ["", said.usual] as const,
        ["none", said.atOnce] as const,
        ...plans.map(({ name }) => [name, said.byPlan(name)] as const),
      ]}
      onChange={onChange}
    />
  );
}
