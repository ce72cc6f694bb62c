// One device: how it is, what it should have against what it has, its apps, its commands, what happened to it.
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Badge } from "../../parts/small.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { words } from "../../words/words.ts";
import { systemOf } from "../devices/system.ts";
import { Actions } from "./actions.tsx";
import { Apps } from "./apps.tsx";
import { Assigned } from "./assigned.tsx";
import { Certificates } from "./certificates.tsx";
import { Commands } from "./commands.tsx";
import type { DeviceProps } from "./device-props.ts";
import { Happened } from "./happened.tsx";
import { Located } from "./located.tsx";
import { Overview } from "./overview.tsx";
import { Recovery } from "./recovery.tsx";
import { Setup } from "./setup.tsx";

const tabs = {
  overview: Overview,
  assigned: Assigned,
  apps: Apps,
  certificates: Certificates,
  setup: Setup,
  recovery: Recovery,
  commands: Commands,
  events: Happened,
} as const;

type Tab = keyof typeof tabs;

export default function DevicePage({ params }: PageProps) {
  const said = words("devices");
  const own = words("device");
  const id = params.id ?? "";
  const tab: Tab = params.tab !== undefined && params.tab in tabs ? (params.tab as Tab) : "overview";
  const device = useResource((signal) => api.get("/devices/{id}", { path: { id }, signal }), [id]);
  useLive(device.reload);
  const Chosen: ComponentType<DeviceProps> = tabs[tab];
  const base = `/devices/${encodeURIComponent(id)}`;
  const known = device.value;
  // Only devices that enroll automatically are held in Setup Assistant.
  const isShown = (name: Tab) =>
    name !== "setup" || tab === "setup" || known?.kind === "ade" || known?.awaiting_configuration === true;
  return (
    <>
      <PageHead
        back={{ to: "/devices", title: said.back }}
        title={known ? (known.name ?? known.serial ?? said.unnamed) : words("common").pages.device}
        lead={known && <Health device={known} />}
        actions={known && <Actions device={known} onDone={device.reload} />}
      />
      {known?.lost_mode === true && known.state === "enrolled" && <Located id={id} />}
      <Tabs
        label={words("common").pages.device}
        current={tab}
        tabs={(Object.keys(tabs) as Tab[]).filter(isShown).map((name) => ({
          name,
          to: name === "overview" ? base : `${base}/${name}`,
          title: name === "certificates" || name === "setup" ? own.tabs[name] : said.tabs[name],
        }))}
      />
      {device.fault?.kind === "missing" && (
        <p class="actions">
          {said.wasDeleted} <Link to={`/kept/${encodeURIComponent(id)}`}>{said.seeKept}</Link>
        </p>
      )}
      <Load of={device} rows={8}>
        {(loaded) => <Chosen key={tab} device={loaded} onDone={device.reload} />}
      </Load>
    </>
  );
}

/** What the device reports meanwhile appears by itself, while the page is in sight. */
function useLive(reload: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), 10_000);
    return () => clearInterval(timer);
  }, [reload]);
}

/** At a glance: what it is, and what is not as it should be. */
function Health({ device }: Pick<DeviceProps, "device">) {
  const { health, states } = words("devices");
  return (
    <span class="badges">
      <span>{[device.product_name ?? device.model_name, systemOf(device)].filter(Boolean).join(" · ")}</span>
      <Badge tone={device.state === "enrolled" ? "good" : "quiet"}>{states[device.state]}</Badge>
      <Badge tone={device.encrypted === null ? "quiet" : device.encrypted ? "good" : "bad"}>
        {device.encrypted === null
          ? health.unknown
          : device.encrypted
            ? health.encrypted
            : health.notEncrypted}
      </Badge>
      {device.lost_mode && <Badge tone="bad">{health.lost}</Badge>}
      {device.awaiting_configuration && <Badge tone="info">{health.setup}</Badge>}
      {device.held_back && <Badge tone="warn">{health.heldBack}</Badge>}
    </span>
  );
}
