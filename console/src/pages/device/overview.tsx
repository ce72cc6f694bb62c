import { Card, Facts } from "../../parts/page.tsx";
import { Badge, Copyable, Meter, Time } from "../../parts/small.tsx";
import { bytes, percent } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./device-props.ts";

export function Overview({ device }: DeviceProps) {
  const said = words("devices");
  const { facts } = said;
  const { say } = words("common");
  const yesOrNo = (known: boolean | null) => (known === null ? say.unknown : known ? say.yes : say.no);
  const { capacity_gb: capacity, available_gb: free } = device;
  return (
    <Card>
      <Facts
        items={[
          [said.serial, device.serial === null ? undefined : <Copyable text={device.serial} />],
          [facts.model, device.model],
          [facts.id, <Copyable key="id" text={device.id} />],
          [facts.enrolled, <Time key="enrolled" at={device.enrolled_at} />],
          [said.seen, <Time key="seen" at={device.last_seen_at} />],
          [facts.inventory, <Time key="inventory" at={device.inventory_at} />],
          capacity !== null &&
            free !== null && [
              facts.storage,
              <>
                {facts.storageOf(bytes(free * 1e9), bytes(capacity * 1e9))}
                <Meter value={capacity - free} of={capacity} label={facts.storage} />
              </>,
            ],
          device.battery_level !== null && [facts.battery, percent(device.battery_level)],
          [facts.supervised, yesOrNo(device.supervised)],
          [facts.passcode, yesOrNo(device.passcode_present)],
          [facts.activationLock, yesOrNo(device.activation_lock)],
          device.tags.length > 0 && [facts.tags, device.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)],
          device.notes !== "" && [facts.notes, device.notes],
        ]}
      />
    </Card>
  );
}
