// A device in lost mode: where it was when it was asked last. It is asked again from here.
import { useEffect } from "preact/hooks";
import { api } from "../../api/api.ts";
import { maySend } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, OutLink } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Card } from "../../parts/page.tsx";
import { Time } from "../../parts/small.tsx";
import { number } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

type Place = { latitude: number; longitude: number; within: number | undefined; at: string | null };
type Known = { place: Place | undefined; asking: boolean; error: string | undefined };

export function Located({ id }: { id: string }) {
  const said = words("devices").located;
  const known = useResource((signal) => lastKnown(id, signal), [id]);
  const { place, asking = false, error } = known.value ?? {};
  useEffect(() => {
    const timer = setInterval(() => document.hidden || known.reload(), asking ? 3_000 : 15_000);
    return () => clearInterval(timer);
  }, [asking, known.reload]);
  const ask = useAction(async () => {
    await api.post("/devices/{id}/commands", { path: { id }, body: { request_type: "DeviceLocation" } });
    known.reload();
  });
  return (
    <Card tone="warn">
      <h2>{said.title}</h2>
      {place ? (
        <p>
          <OutLink
            href={mapOf(place)}
          >{`${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`}</OutLink>{" "}
          {place.within !== undefined && <span>{said.within(number(Math.round(place.within)))}</span>}{" "}
          <span class="quiet">
            <Time at={place.at} />
          </span>
        </p>
      ) : (
        <p class="hint">{said.nowhere}</p>
      )}
      {error !== undefined && <p class="hint">{error}</p>}
      <FaultNote fault={ask.fault ?? known.fault} />
      <div class="actions">
        {maySend("DeviceLocation") && (
          <Button icon="pin" busy={ask.busy} disabled={asking} onClick={() => ask.run()}>
            {asking ? said.asking : words("devices").act.locate}
          </Button>
        )}
      </div>
    </Card>
  );
}

/** The newest question decides what is under way; the newest answer says the place. */
async function lastKnown(id: string, signal: AbortSignal): Promise<Known> {
  const { items } = await api.get("/devices/{id}/commands", { path: { id }, query: { limit: 200 }, signal });
  const questions = items.filter(({ request_type: type }) => type === "DeviceLocation");
  const [newest] = questions;
  const answered = questions.find(({ state }) => state === "acknowledged");
  const asking = newest !== undefined && ["queued", "sent", "not_now"].includes(newest.state);
  const error = newest?.state === "error" ? (newest.error ?? undefined) : undefined;
  if (answered === undefined) return { place: undefined, asking, error };
  const { uuid, finished_at: at } = answered;
  const { result } = await api.get("/devices/{id}/commands/{uuid}", { path: { id, uuid }, signal });
  const [latitude, longitude, within] = ["Latitude", "Longitude", "HorizontalAccuracy"].map((name) =>
    figure(result?.[name]),
  );
  const place =
    latitude === undefined || longitude === undefined ? undefined : { latitude, longitude, within, at };
  return { place, asking, error };
}

/** What a device says is data of any kind. */
const figure = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

const mapOf = ({ latitude, longitude }: Place): string =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
