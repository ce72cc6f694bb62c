import type { Json } from "../api.ts";
import type { Command } from "../command.ts";

export const command: Command = {
  words: "[POLICY]",
  count: [0, 1],
  also: "With a POLICY, how far each device is.",
  async run({ words: [name] }, { api, screen }) {
    if (name === undefined) {
      const policies = await api.all("/software-updates/policies");
      if (screen.isJson) return screen.json(policies);
      if (policies.length === 0)
        return screen.note("there is no policy yet: PUT /api/v1/software-updates/policies/NAME");
      return screen.table(policies, [
        { title: "NAME", value: ({ name: policy }) => policy as string },
        { title: "PLATFORMS", value: ({ platforms }) => (platforms as string[]).join(", ") },
        { title: "TARGET", value: ({ target }) => targetOf(target as Json) },
      ]);
    }
    const at = `/software-updates/policies/${encodeURIComponent(name)}/progress`;
    const devices = await api.all(at);
    if (screen.isJson) return screen.json(devices);
    if (devices.length === 0) return screen.note("no device has this policy");
    return screen.table(devices, [
      {
        title: "DEVICE",
        value: ({ name: called, serial, device_id }) => (called ?? serial ?? device_id) as string,
        gives: true,
      },
      { title: "OS", value: ({ os_version }) => os_version as string },
      {
        title: "TARGET",
        value: ({ target }) => (typeof target === "object" ? targetOf(target as Json) : (target as string)),
      },
      { title: "STATE", value: ({ state }) => state as string },
      { title: "WHY", value: ({ reason, detail }) => (detail ?? reason) as string, gives: true },
    ]);
  },
};

const targetOf = (target: Json | null): string =>
  [target?.kind, target?.version, target?.deadline && `by ${String(target.deadline)}`]
    .filter(Boolean)
    .join(" ");
