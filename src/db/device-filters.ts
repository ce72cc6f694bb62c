import { and, eq, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import { vouchers } from "../mdm/proven.ts";
import { among } from "./batch.ts";
import { byFailure } from "./failing-filters.ts";
import type { Filter, Lead } from "./filter-lead.ts";
import type { DeviceFilters, DeviceState } from "./given-filters.ts";
import { byApp, bySet } from "./holding-filters.ts";
import { channels, deviceAttributes, devices, deviceTags, deviceWords } from "./schema/devices.ts";

export type { Filter, Lead } from "./filter-lead.ts";
export type { DeviceFilters } from "./given-filters.ts";

/** The given filters, the most selective first; without any, all devices in the order of ids. */
export function filtersOf(given: DeviceFilters): [Filter, ...Filter[]] | [] {
  const { serial, user, words = [], tag, attribute, state, kind } = given;
  const rarestFirst = words.toSorted((a, b) => commonness(a) - commonness(b) || b.length - a.length);
  const ended = state === undefined || state === "enrolled" ? undefined : state;
  const filters = [
    serial === undefined ? undefined : bySerial(serial),
    user === undefined ? undefined : byUser(user),
    ...byVouchers(given),
    ...byPerson(given),
    ...rarestFirst.map(byWord),
    tag === undefined ? undefined : byTag(tag),
    given.failed && byFailure(given.failed),
    given.app === undefined ? undefined : byApp(given.app),
    given.set === undefined ? undefined : bySet(given.set),
    attribute && byAttribute(attribute),
    ...byRanges(given),
    byDepartment(given),
    ended && byState(ended),
    ...byFacts(given, "unusual"),
    bySystem(given),
    bySeen(given),
    byInventory(given),
    byAttestation(given),
    kind && byKind(kind),
    ...byFacts(given, "usual"),
    state && !ended ? byState(state) : undefined,
  ].filter((filter) => filter !== undefined);
  return filters as [Filter, ...Filter[]] | [];
}

/** Half of a fleet has one of these in its names: long as they are, they tell few devices apart. */
const productWords = "apple iphone ipad imac mac macbook watch vision studio mini plus".split(" ");

const commonness = (beginning: string): number =>
  productWords.some((word) => word.startsWith(beginning)) ? 1 : 0;

export const everyDevice: Lead = { name: "id", table: devices, same: undefined, id: devices.id };

/** In whatever case: people type what they read. */
const bySerial = (serial: string): Filter =>
  onDevices("serial", sql`${devices.serialKey} = lower(${serial})`);

/** `reported`: the device reports it, and no other device has a better right to the number. */
function byVouchers(given: DeviceFilters): Filter[] {
  const { identifiers, serial, user } = given;
  const { proven, heldBack } = devices;
  const isGiven = givenByPeople.some((name) => given[name] !== undefined);
  const serialProof = sql`json_extract(${proven}, '$.serial_number')`;
  const rules = [
    identifiers === "proven" && isGiven && eq(heldBack, false),
    identifiers === "proven" && serial !== undefined && sql`${serialProof} IN ${among(vouchers)}`,
    identifiers === "reported" && serial !== undefined && sql`${serialProof} IS NOT 'disputed'`,
    identifiers === "proven" && user !== undefined && sql`json_extract(${proven}, '$.account') = ${user}`,
  ];
  return rules.filter((rule) => rule !== false).map((rule) => onDevices("vouchers", rule));
}

/** What administrators may have given to an earlier enrollment with the same id. */
const givenByPeople = [
  ...(["tag", "set", "attribute", "attributeMin", "attributeMax"] as const),
  ...(["person", "userEmail", "userDepartment"] as const),
] as const;

/** Of one person, however that one is named. */
function byPerson({ person, userEmail }: DeviceFilters): Filter[] {
  const rules = [
    person !== undefined && eq(devices.personId, person),
    userEmail !== undefined &&
      sql`${devices.personId} = (SELECT id FROM people WHERE email_key = lower(${userEmail}))`,
  ];
  return rules.filter((rule) => rule !== false).map((rule) => onDevices("person", rule));
}

/** Of all people of a department, person after person. */
const byDepartment = ({ userDepartment }: DeviceFilters): Filter | undefined =>
  userDepartment === undefined
    ? undefined
    : {
        ...onDevices(
          "department",
          sql`${devices.personId} IN (SELECT id FROM people WHERE department_key = lower(${userDepartment}))`,
          { order: devices.personId },
        ),
        // One device asks for its own person, and not for all of the department.
        holds: sql`EXISTS (SELECT 1 FROM people WHERE people.id = ${devices.personId} AND people.department_key = lower(${userDepartment}))`,
      };

const byState = (state: DeviceState): Filter => onDevices("state", eq(devices.state, state));

const byKind = (kind: NonNullable<DeviceFilters["kind"]>): Filter =>
  onDevices("kind", eq(devices.kind, kind));

/** Platform and versions share an index, and versions have one for themselves. */
function bySystem({ platform, osMin, osMax }: DeviceFilters): Filter | undefined {
  if (platform === undefined && osMin === undefined && osMax === undefined) return undefined;
  // An unknown version is not an old one.
  const least = osMin ?? (osMax === undefined ? undefined : 1);
  return onDevices(platform ? "platform_os" : "os", platform && eq(devices.platform, platform), {
    order: devices.osKey,
    floor: least === undefined ? undefined : gte(devices.osKey, least),
    ceiling: osMax === undefined ? undefined : lte(devices.osKey, osMax),
  });
}

/** Facts that devices report, with the value that few of them have. */
const facts = [
  ["lostMode", "lost_mode", devices.lostMode, true],
  ["encrypted", "encrypted", devices.encrypted, false],
  ["passcodePresent", "passcode_present", devices.passcodePresent, false],
  ["passcodeCompliant", "passcode_compliant", devices.passcodeCompliant, false],
  ["activationLock", "activation_lock", devices.activationLock, true],
  ["supervised", "supervised", devices.supervised, false],
] as const;

const byFacts = (given: DeviceFilters, which: "usual" | "unusual"): Filter[] =>
  facts.flatMap(([filter, name, column, unusual]) => {
    const wanted = given[filter];
    if (wanted === undefined || (wanted === unusual) !== (which === "unusual")) return [];
    return [onDevices(name, eq(column, wanted))];
  });

function byInventory({ inventoryBefore, inventoryAfter }: DeviceFilters): Filter | undefined {
  if (inventoryBefore === undefined && inventoryAfter === undefined) return undefined;
  return onDevices("inventory", undefined, {
    order: devices.inventoryAt,
    // Also excludes devices that never reported one.
    floor: gte(devices.inventoryAt, inventoryAfter ?? 0),
    ceiling: inventoryBefore === undefined ? undefined : lt(devices.inventoryAt, inventoryBefore),
  });
}

const byAttestation = ({ attestedAfter }: DeviceFilters): Filter | undefined =>
  attestedAfter === undefined
    ? undefined
    : onDevices("attested", undefined, {
        order: devices.attestedAt,
        floor: gte(devices.attestedAt, attestedAfter),
      });

function bySeen({ seenBefore, seenAfter }: DeviceFilters): Filter | undefined {
  if (seenBefore === undefined && seenAfter === undefined) return undefined;
  return onDevices("last_seen", undefined, {
    order: devices.seenKey,
    // Also keeps out those never seen.
    floor: gte(devices.seenKey, Math.max(1, seenAfter ?? 1)),
    ceiling: seenBefore === undefined ? undefined : lt(devices.seenKey, seenBefore),
  });
}

const onDevices = (
  name: string,
  same: SQL | undefined,
  ordered: Pick<Lead, "order" | "floor" | "ceiling"> = {},
): Filter => ({
  lead: { name, table: devices, same, id: devices.id, ...ordered },
  holds: and(same, ordered.floor, ordered.ceiling) as SQL,
});

function byTag(tag: string): Filter {
  const same = eq(deviceTags.tag, tag);
  return {
    lead: { name: "tag", table: deviceTags, same, id: deviceTags.deviceId },
    holds: sql`EXISTS (SELECT 1 FROM ${deviceTags} WHERE ${same} AND ${deviceTags.deviceId} = ${devices.id})`,
  };
}

function byAttribute({ name, value }: NonNullable<DeviceFilters["attribute"]>): Filter {
  const { deviceId } = deviceAttributes;
  const same = and(eq(deviceAttributes.name, name), eq(deviceAttributes.value, value)) as SQL;
  return {
    lead: { name: "attribute", table: deviceAttributes, same, id: deviceId },
    holds: sql`EXISTS (SELECT 1 FROM ${deviceAttributes} WHERE ${same} AND ${deviceId} = ${devices.id})`,
  };
}

/** Bounds of one attribute are one range; dates are compared as texts, which sort as they do. */
function byRanges({ attributeMin, attributeMax }: DeviceFilters): Filter[] {
  const isOne =
    attributeMin?.name === attributeMax?.name &&
    isDay(attributeMin?.value ?? "") === isDay(attributeMax?.value ?? "");
  const ranges = isOne
    ? [{ name: attributeMin?.name, least: attributeMin?.value, most: attributeMax?.value }]
    : [
        { name: attributeMin?.name, least: attributeMin?.value },
        { name: attributeMax?.name, most: attributeMax?.value },
      ];
  return ranges.flatMap(({ name, least, most }) => (name === undefined ? [] : [byRange(name, least, most)]));
}

const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

function byRange(name: string, least: string | undefined, most: string | undefined): Filter {
  const { deviceId, number, value } = deviceAttributes;
  const isDate = isDay(least ?? most ?? "");
  const order = isDate ? value : number;
  const bound = (given: string) => (isDate ? given : Number(given));
  const same = eq(deviceAttributes.name, name);
  // What is no number is null there, and what is no date does not look like one.
  const floor = gte(order, least === undefined ? (isDate ? "0" : -Number.MAX_VALUE) : bound(least));
  const ceiling = lte(order, most === undefined ? (isDate ? "9999-99-99" : Number.MAX_VALUE) : bound(most));
  const looks = isDate ? sql`${value} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'` : undefined;
  return {
    lead: {
      ...{ name: isDate ? "attribute_date" : "attribute_number", table: deviceAttributes, same, order },
      ...{ floor, ceiling, id: deviceId, ...(looks && { once: looks }) },
    },
    holds: sql`EXISTS (SELECT 1 FROM ${deviceAttributes} WHERE ${and(same, floor, ceiling, looks)} AND ${deviceId} = ${devices.id})`,
  };
}

function byUser(user: string): Filter {
  const same = sql`lower(${channels.userShortName}) = lower(${user})`;
  return {
    lead: {
      name: "user",
      table: channels,
      same,
      id: channels.deviceId,
      once: sql`NOT EXISTS (SELECT 1 FROM ${channels} AS other WHERE lower(other.user_short_name) = lower(${user})
        AND other.device_id = ${channels.deviceId} AND other.user_id < ${channels.userId})`,
    },
    holds: sql`EXISTS (SELECT 1 FROM ${channels} WHERE ${same} AND ${channels.deviceId} = ${devices.id})`,
  };
}

/**
 * Devices are in the order of the matching words, so those with the exact word come first. A row of another device's word
 * is skipped: each row knows which of its device's words is the first that begins so.
 */
function byWord(beginning: string): Filter {
  const { word, words, deviceId } = deviceWords;
  const start = ` ${beginning}`;
  return {
    lead: {
      name: "word",
      table: deviceWords,
      same: undefined,
      order: word,
      floor: gte(word, beginning),
      ceiling: lt(word, `${beginning}\u{10ffff}`),
      id: deviceId,
      once: sql`instr(${words}, ${start}) = instr(${words}, ' ' || ${word} || ' ')`,
    },
    holds: sql`EXISTS (SELECT 1 FROM ${deviceWords} WHERE ${deviceId} = ${devices.id} AND instr(${words}, ${start}))`,
    holdsAlong: sql`instr(${words}, ${start})`,
  };
}
