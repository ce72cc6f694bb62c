// What the list of devices can show of each, and what of it a person has chosen. The choice is kept in this browser; the
// address may say another one, so that a link shows what its sender saw.
import type { Schemas } from "../../../../client/api.d.ts";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Time } from "../../parts/small.tsx";
import type { Column } from "../../parts/table.tsx";
import { bytes, percent } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { systemOf } from "./system.ts";

export type Device = Schemas["Device"];
type Told = string | number | boolean | null;

export type DeviceColumn = Column<Device> & { told: (device: Device) => Told };

const tones: Record<Device["state"], Tone> = {
  pending: "info",
  enrolled: "good",
  unenrolled: "quiet",
  erased: "quiet",
};

export const usualColumns = ["state", "os_version", "serial", "tags", "last_seen_at"];
const attribute = "attribute:";
const place = "edgemdm-device-columns";

/** All that can be chosen. The name comes first and is no choice. */
export function allColumns(): readonly DeviceColumn[] {
  const said = words("devices");
  const { titles, kinds } = words("views");
  const { say } = words("common");
  const yesOrNo = (value: boolean | null) => (value === null ? "" : value ? say.yes : say.no);
  const fact = (key: keyof typeof titles & keyof Device): DeviceColumn => ({
    key,
    title: titles[key],
    wide: true,
    cell: (device) => yesOrNo(device[key] as boolean | null),
    told: (device) => device[key] as boolean | null,
  });
  const text = (key: keyof typeof titles & keyof Device, isCode = false): DeviceColumn => ({
    key,
    title: titles[key],
    wide: true,
    cell: (device) =>
      isCode ? device[key] && <code>{String(device[key])}</code> : String(device[key] ?? ""),
    told: (device) => device[key] as string | null,
  });
  const time = (key: "last_seen_at" | "enrolled_at" | "inventory_at", title: string): DeviceColumn => ({
    key,
    title,
    sortable: key !== "inventory_at",
    wide: key !== "last_seen_at",
    cell: (device) => <Time at={device[key]} />,
    told: (device) => device[key],
  });
  return [
    {
      key: "state",
      title: said.state,
      cell: ({ state, lost_mode }) => (
        <>
          <Badge tone={tones[state]}>{said.states[state]}</Badge>{" "}
          {lost_mode && <Badge tone="bad">{said.health.lost}</Badge>}
        </>
      ),
      told: ({ state }) => state,
    },
    { key: "os_version", title: said.system, sortable: true, cell: systemOf, told: systemOf },
    {
      key: "serial",
      title: said.serial,
      sortable: true,
      wide: true,
      cell: ({ serial }) => serial && <code>{serial}</code>,
      told: ({ serial }) => serial,
    },
    {
      key: "tags",
      title: said.owner,
      wide: true,
      cell: ({ tags }) => tags.map((tag) => <Badge key={tag}>{tag}</Badge>),
      told: ({ tags }) => tags.join(", "),
    },
    time("last_seen_at", said.seen),
    {
      key: "model",
      title: titles.model,
      wide: true,
      cell: modelOf,
      told: modelOf,
    },
    fact("encrypted"),
    fact("supervised"),
    fact("passcode_present"),
    fact("activation_lock"),
    {
      key: "storage",
      title: titles.storage,
      wide: true,
      number: true,
      cell: ({ available_gb: free }) => (free === null ? "" : bytes(free * 1e9)),
      told: ({ available_gb: free }) => free,
    },
    {
      key: "battery_level",
      title: titles.battery_level,
      wide: true,
      number: true,
      cell: ({ battery_level: level }) => (level === null ? "" : percent(level)),
      told: ({ battery_level: level }) => level,
    },
    time("enrolled_at", titles.enrolled_at),
    time("inventory_at", titles.inventory_at),
    text("imei", true),
    text("build", true),
    text("id", true),
    {
      key: "kind",
      title: titles.kind,
      wide: true,
      cell: ({ kind }) => kinds[kind],
      told: ({ kind }) => kind,
    },
    text("notes"),
  ];
}

const modelOf = (device: Device): string => device.product_name ?? device.model_name ?? device.model ?? "";

export const nameColumn = (): DeviceColumn => {
  const said = words("devices");
  return {
    key: "name",
    title: said.name,
    sortable: true,
    cell: ({ name, serial }) => name ?? serial ?? said.unnamed,
    told: ({ name, serial }) => name ?? serial,
  };
};

/** A column for each name; what is unknown is left out. An attribute of administrators is `attribute:location`. */
export function columnsNamed(names: readonly string[]): readonly DeviceColumn[] {
  const known = new Map(allColumns().map((column) => [column.key, column]));
  const chosen = names.flatMap((name) =>
    name.startsWith(attribute) ? ofAttribute(name) : (known.get(name) ?? []),
  );
  return [nameColumn(), ...chosen];
}

export function ofAttribute(key: string): DeviceColumn {
  const title = key.slice(attribute.length);
  const value = ({ attributes }: Device): string =>
    Object.hasOwn(attributes, title) ? (attributes[title] ?? "") : "";
  return { key, title, wide: true, cell: value, told: value };
}

export const attributeKey = (name: string): string => `${attribute}${name}`;

/** `given`: what the address says. */
export function chosenColumns(given: string | null): readonly string[] {
  const text = given ?? localStorage.getItem(place);
  if (text === null) return usualColumns;
  return [...new Set(text.split(",").filter((name) => name !== ""))].slice(0, 30);
}

export const rememberColumns = (names: readonly string[]): void =>
  localStorage.setItem(place, names.join(","));
