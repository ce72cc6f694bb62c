// How far the devices of a policy are: counted from their last reports, and one by one.
import { useEffect } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { type List, useList } from "../../api/resource.ts";
import { FilterBar } from "../../parts/filters.tsx";
import { Card, Section } from "../../parts/page.tsx";
import { Badge, Empty } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import type { Tone } from "../../parts/tone.ts";
import { query } from "../../shell/router.ts";
import { number } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { Bar } from "../rollouts/progress.tsx";
import { type Policy, platformTitle } from "./said.ts";

type OnDevice = Schemas["SoftwareUpdateProgress"];
type State = OnDevice["state"];

const tones: Record<State, Tone> = {
  done: "good",
  downloading: "info",
  prepared: "info",
  installing: "info",
  waiting: "info",
  failed: "bad",
  pending: "quiet",
  unable: "quiet",
  not_meant: "quiet",
};
const states = Object.keys(tones) as State[];
const groups = ["done", "underWay", "late", "failed", "pending"] as const;
const groupTones = { done: "good", underWay: "info", late: "warn", failed: "bad", pending: "quiet" } as const;

/** So many devices are read and counted by themselves; beyond, when the person asks for more. */
const mostCounted = 1_000;
const aPage = 200;

export function Progress({ name, policy }: { name: string; policy: Policy | undefined }) {
  const said = words("updates");
  const { say } = words("common");
  const state = query.value.get("state") ?? "";
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/software-updates/policies/{name}/progress", {
        path: { name },
        query: { cursor, limit: aPage },
        ...(signal && { signal }),
      }),
    [name],
  );
  useEffect(() => {
    if (list.more && !list.loading && !list.fault && list.items.length < mostCounted) list.more();
  }, [list.items.length, list.loading]);
  const deadlines = deadlinesOf(policy);
  const isLate = (one: OnDevice) => late(one, deadlines);
  const shown: List<OnDevice> = {
    ...list,
    items: list.items.filter((one) => state === "" || (state === "late" ? isLate(one) : one.state === state)),
  };
  return (
    <Section title={said.progress} hint={said.progressHint}>
      {list.items.length > 0 && <Summary list={list} isLate={isLate} />}
      <FilterBar
        filters={[
          {
            name: "state",
            title: said.all,
            options: [["late", said.late] as const, ...states.map((one) => [one, said.states[one]] as const)],
          },
        ]}
      />
      <Table
        label={said.progress}
        list={shown}
        idOf={({ device_id }) => device_id}
        linkOf={({ device_id }) => `/devices/${encodeURIComponent(device_id)}`}
        columns={[
          { key: "device", title: said.device, cell: ({ name: called, device_id }) => called ?? device_id },
          {
            key: "state",
            title: said.state,
            cell: (one) => (
              <span class="badges">
                <Badge tone={tones[one.state]}>{said.states[one.state]}</Badge>
                {isLate(one) && <Badge tone="warn">{said.late}</Badge>}
              </span>
            ),
          },
          { key: "has", title: said.has, cell: ({ os_version }) => os_version },
          { key: "should", title: said.should, cell: ({ target_version }) => target_version },
        ]}
        empty={<Empty title={state === "" ? said.noProgress : say.nothingFits} icon="device" />}
      />
    </Section>
  );
}

function Summary({ list, isLate }: { list: List<OnDevice>; isLate: (one: OnDevice) => boolean }) {
  const said = words("updates");
  const meant = list.items.filter(({ state }) => state !== "not_meant" && state !== "unable");
  const count = { done: 0, underWay: 0, late: 0, failed: 0, pending: 0 };
  for (const one of meant) count[groupOf(one, isLate)] += 1;
  const versions = new Map<string, number>();
  for (const { platform, os_version } of meant) {
    const system = systemOf(platform, os_version);
    versions.set(system, (versions.get(system) ?? 0) + 1);
  }
  const byVersion = [...versions].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
  return (
    <Card>
      <div class="overall">
        <p class="overall-figure">
          {words("updates").doneOf(count.done, meant.length)}
          {list.more && <span class="hint"> {said.counted(list.items.length)}</span>}
        </p>
        <Bar of={meant.length} parts={groups.map((group) => [groupTones[group], count[group]] as const)} />
        <ul class="bar-legend">
          {groups.map((group) => (
            <li key={group} class={`tone-${groupTones[group]}`}>
              {group === "pending" ? said.states.pending : said.groups[group]}{" "}
              <strong>{number(count[group])}</strong>
            </li>
          ))}
        </ul>
      </div>
      <p class="hint">
        {said.versions}: {byVersion.map(([version, devices]) => `${version} (${number(devices)})`).join(", ")}
      </p>
    </Card>
  );
}

/** `iOS 18.2`: the same figures are another system on another platform. */
const systemOf = (platform: string | null, version: string | null): string =>
  [platform && platformTitle(platform), version ?? "–"].filter(Boolean).join(" ");

function groupOf(one: OnDevice, isLate: (one: OnDevice) => boolean): (typeof groups)[number] {
  if (one.state === "done" || one.state === "failed") return one.state;
  if (isLate(one)) return "late";
  return one.state === "pending" ? "pending" : "underWay";
}

/** When each version must be there, on the clock of the devices; this browser's clock stands for theirs. */
const deadlinesOf = (policy: Policy | undefined): Map<string, string> =>
  new Map(
    (policy?.enforces ?? []).flatMap(({ platform, version, deadline, withdrawn }) =>
      version === null || deadline === null || withdrawn
        ? []
        : [[`${platform} ${version}`, deadline] as const],
    ),
  );

function late({ state, platform, target_version }: OnDevice, deadlines: Map<string, string>): boolean {
  if (["done", "not_meant", "unable"].includes(state)) return false;
  const deadline = deadlines.get(`${platform} ${target_version}`);
  return deadline !== undefined && new Date(deadline).getTime() < Date.now();
}
