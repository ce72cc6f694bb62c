import type { Schemas } from "../../../client/src/index.ts";
import type { Command } from "../command.ts";
import { all } from "../lists.ts";

export const command: Command = {
  words: "[POLICY]",
  count: [0, 1],
  also: "With a POLICY, how far each device is.",
  async run({ words: [name] }, { api, screen }) {
    if (name === undefined) {
      const policies = await all(api.list("/software-updates/policies"));
      if (screen.isJson) return screen.json(policies);
      if (policies.length === 0)
        return screen.note("there is no policy yet: PUT /api/v1/software-updates/policies/NAME");
      return screen.table(policies, [
        { title: "NAME", value: (policy) => policy.name },
        { title: "PLATFORMS", value: ({ platforms }) => platforms.join(", ") },
        { title: "TARGET", value: ({ target }) => targetOf(target) },
      ]);
    }
    const devices = await all(api.list("/software-updates/policies/{name}/progress", { path: { name } }));
    if (screen.isJson) return screen.json(devices);
    if (devices.length === 0) return screen.note("no device has this policy");
    return screen.table(devices, [
      { title: "DEVICE", value: (device) => device.name ?? device.device_id, gives: true },
      { title: "OS", value: ({ os_version }) => os_version },
      { title: "TARGET", value: ({ target_version }) => target_version },
      {
        title: "STATE",
        value: ({ state }) => state,
        style: ({ state }) => (state === "failed" ? "red" : state === "done" ? "green" : undefined),
      },
    ]);
  },
};

const targetOf = (target: Schemas["SoftwareUpdatePolicy"]["target"]): string =>
  target.kind === "version"
    ? `${target.version} by ${target.deadline}`
    : `latest, ${target.days_after_release} days after its release`;
