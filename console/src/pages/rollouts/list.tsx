import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import { BeginRollout } from "./begin.tsx";
import { countsOf, OutcomeBar, type Rollout, RolloutState } from "./progress.tsx";
import { useEvery } from "./use-every.ts";

const states = ["running", "halted", "finished", "cancelled", "replaced"] as const;
const kinds = ["profile", "declaration", "set", "policy"] as const;
const freshMs = 30_000;

export const NewRolloutButton = () => (
  <Button kind="primary" icon="enroll" may="PUT /sets/{name}" onClick={() => setQuery({ new: "yes" })}>
    {words("rollouts").begin.title}
  </Button>
);

export function AllRollouts() {
  const said = words("rollouts");
  const { say } = words("common");
  const state = states.find((one) => one === query.value.get("state"));
  const kind = kinds.find((one) => one === query.value.get("kind"));
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/rollouts", { query: { state, kind, cursor }, ...(signal && { signal }) }),
    [state, kind],
  );
  useEvery(
    freshMs,
    list.reload,
    list.items.some((one) => one.state === "running") && list.items.length <= 50,
  );
  return (
    <>
      <FilterBar
        filters={[
          {
            name: "state",
            title: said.state,
            options: states.map((one) => [one, said.states[one]] as const),
          },
          { name: "kind", title: said.what, options: kinds.map((one) => [one, said.kinds[one]] as const) },
        ]}
      />
      <Table
        label={words("common").pages.rollouts}
        list={list}
        idOf={({ id }) => id}
        linkOf={({ id }) => `/rollouts/${id}`}
        columns={[
          {
            key: "subject",
            title: said.what,
            cell: ({ subject }) => <span class="breakable">{subject}</span>,
          },
          { key: "kind", title: said.begin.kind, wide: true, cell: (one) => said.kinds[one.kind] },
          { key: "state", title: said.state, cell: (one) => <RolloutState state={one.state} /> },
          { key: "progress", title: said.progress, cell: (one) => <HowFar rollout={one} /> },
          { key: "started", title: said.started, cell: ({ created_at }) => <Time at={created_at} /> },
        ]}
        empty={
          state || kind ? (
            <Empty title={say.nothingFits} icon="update" />
          ) : (
            <Empty title={said.none} icon="update" action={<NewRolloutButton />}>
              {said.noneHint}
            </Empty>
          )
        }
      />
      {query.value.get("new") === "yes" && may("PUT /sets/{name}") && (
        <BeginRollout onClose={() => setQuery({ new: undefined })} />
      )}
    </>
  );
}

function HowFar({ rollout }: { rollout: Rollout }) {
  const counts = countsOf(rollout.rings);
  if (rollout.counted_at === null) return <span class="quiet">–</span>;
  return (
    <span class="measured">
      <span>{words("rollouts").haveIt(counts.succeeded, counts.devices)}</span>
      <OutcomeBar counts={counts} />
    </span>
  );
}
