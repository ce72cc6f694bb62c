// Devices that Apple's portal gave to this server, enrolled or not, and which first start they get.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useList, useResource } from "../../api/resource.ts";
import { Button, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { disown, mostDisowned } from "./disown.tsx";

type Device = Schemas["AdeDevice"];
type Outcomes = Schemas["AdeOutcomes"];

const statuses = ["empty", "assigned", "pushed", "removed"] as const;

export function AdeDevices() {
  const said = words("apple").device;
  const { say: common } = words("common");
  const { search, account, profile_status, enrolled } = Object.fromEntries(query.value);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/ade/devices", {
        query: {
          ...{ search, account, profile_status, cursor },
          ...(enrolled !== undefined && { enrolled: enrolled === "true" }),
        },
        ...(signal && { signal }),
      }),
    [search, account, profile_status, enrolled],
  );
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const isFiltered = Boolean(search || account || profile_status || enrolled);
  return (
    <>
      <FilterBar
        search="search"
        searchHint={said.search}
        others={["account"]}
        filters={[
          {
            name: "profile_status",
            title: said.status,
            options: statuses.map((one) => [one, said.statuses[one]] as const),
          },
          {
            name: "enrolled",
            title: said.here,
            options: [
              ["true", said.enrolled],
              ["false", said.notEnrolled],
            ],
          },
        ]}
      />
      {chosen.size > 0 && (
        <Assigning
          serials={[...chosen]}
          onDone={() => {
            setChosen(new Set());
            list.reload();
          }}
        />
      )}
      <Table
        label={words("apple").tabs.devices}
        list={list}
        idOf={({ serial_number }) => serial_number}
        {...((may("POST /ade/devices/assign") || may("POST /ade/devices/disown")) && {
          selection: {
            has: (id: string) => chosen.has(id),
            toggle,
            all: (ids: readonly string[]) => setChosen(new Set(ids)),
          },
        })}
        columns={[
          { key: "serial", title: said.serial, cell: ({ serial_number }) => <code>{serial_number}</code> },
          {
            key: "model",
            title: said.model,
            cell: ({ model, device_family, description }) => (
              <span class="breakable">{model ?? description ?? device_family}</span>
            ),
          },
          { key: "should", title: said.should, cell: (device) => <Should device={device} /> },
          { key: "status", title: said.status, cell: (device) => <AtApple device={device} /> },
          {
            key: "here",
            title: said.here,
            cell: ({ device_id }) =>
              device_id === null ? (
                <span class="quiet">{said.notEnrolled}</span>
              ) : (
                <Link to={`/devices/${encodeURIComponent(device_id)}`}>{said.enrolled}</Link>
              ),
          },
        ]}
        empty={
          isFiltered ? (
            <Empty title={common.nothingFits} icon="device" />
          ) : (
            <Empty title={said.empty} icon="device">
              {said.emptyHint}
            </Empty>
          )
        }
      />
    </>
  );
}

function Should({ device: { profile, chosen_by_hand } }: { device: Device }) {
  const said = words("apple").device;
  if (profile === null) return <span class="quiet">{said.none}</span>;
  return (
    <>
      {profile} {chosen_by_hand && <span class="quiet">({said.byHand})</span>}
    </>
  );
}

/** Apple's own word in the person's language; a new word of Apple's as it is. */
const inWords = (table: Readonly<Record<string, string>>, word: string): string => table[word] ?? word;

function AtApple({ device: { profile_status, assignment } }: { device: Device }) {
  const said = words("apple").device;
  const outcome = assignment?.outcome;
  return (
    <span class="badges">
      {profile_status !== null && (
        <Badge tone={profile_status === "pushed" || profile_status === "assigned" ? "good" : "quiet"}>
          {inWords(said.statuses, profile_status)}
        </Badge>
      )}
      {outcome != null && outcome !== "SUCCESS" && (
        <span>
          {inWords(said.outcomes, outcome)}
          {assignment?.next_at != null && (
            <span class="quiet">
              {" "}
              · {said.nextTry} <Time at={assignment.next_at} />
            </span>
          )}
        </span>
      )}
    </span>
  );
}

function Assigning({ serials, onDone }: { serials: readonly string[]; onDone: () => void }) {
  const said = words("apple").device;
  const { say: common } = words("common");
  const [profile, setProfile] = useState("");
  const [failed, setFailed] = useState<Outcomes>();
  const profiles = useResource((signal) => api.get("/ade/profiles", { query: { limit: 200 }, signal }), []);
  const tell = (outcomes: Outcomes) => {
    const done = outcomes.items.filter(({ outcome }) => outcome === "SUCCESS").length;
    if (done === outcomes.items.length) {
      say(said.done(done));
      onDone();
    } else setFailed(outcomes);
  };
  const serial_numbers = [...serials];
  const assign = useAction(async () =>
    tell(await api.post("/ade/devices/assign", { body: { serial_numbers, profile } })),
  );
  const unassign = useAction(async () => {
    const yes = await confirm({
      title: said.unassignTitle(common.devices(serials.length)),
      text: said.unassignText,
      yes: said.unassign,
      danger: true,
    });
    if (yes) tell(await api.post("/ade/devices/unassign", { body: { serial_numbers } }));
  });
  const follow = useAction(async () => {
    const { devices } = await api.post("/ade/devices/follow-rules", { body: { serial_numbers } });
    say(said.done(devices));
    onDone();
  });
  const letGo = useAction(async () => {
    const outcomes = await disown(serials);
    if (outcomes) tell(outcomes);
  });
  return (
    <section class="card" aria-label={common.selected(serials.length)}>
      <div class="actions">
        <strong>{common.selected(serials.length)}</strong>
        <select
          class="first-start"
          aria-label={said.choose}
          value={profile}
          onChange={(event) => setProfile(event.currentTarget.value)}
        >
          <option value="">{said.choose}</option>
          {(profiles.value?.items ?? []).map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <Button kind="primary" disabled={profile === ""} busy={assign.busy} onClick={() => assign.run()}>
          {said.assign}
        </Button>
        <Button busy={follow.busy} onClick={() => follow.run()}>
          {said.followRules}
        </Button>
        <Button busy={unassign.busy} onClick={() => unassign.run()}>
          {said.unassign}
        </Button>
        <Button
          kind="danger"
          may="POST /ade/devices/disown"
          disabled={serials.length > mostDisowned}
          busy={letGo.busy}
          onClick={() => letGo.run()}
        >
          {said.disown}
        </Button>
      </div>
      {may("POST /ade/devices/disown") && serials.length > mostDisowned && (
        <p class="hint">{said.disownMost(mostDisowned)}</p>
      )}
      <FaultNote fault={assign.fault ?? unassign.fault ?? follow.fault ?? letGo.fault ?? profiles.fault} />
      {failed && <NotDone outcomes={failed} />}
    </section>
  );
}

function NotDone({ outcomes: { items, refusals } }: { outcomes: Outcomes }) {
  const said = words("apple").device;
  return (
    <div class="note tone-warn" role="alert">
      <Icon name="warning" />
      <div>
        <p class="note-title">{said.notDone}</p>
        <ul>
          {items
            .filter(({ outcome }) => outcome !== "SUCCESS")
            .map(({ serial_number, outcome }) => (
              <li key={serial_number}>
                <code>{serial_number}</code> {inWords(said.outcomes, outcome)}
              </li>
            ))}
        </ul>
        {refusals.map(({ account, detail, remedy }) => (
          <p key={account}>
            {account}: {detail} {remedy}
          </p>
        ))}
        <p>{said.again}</p>
      </div>
    </div>
  );
}
