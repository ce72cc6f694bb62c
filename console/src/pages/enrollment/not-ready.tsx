import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Icon } from "../../parts/icon.tsx";
import { words } from "../../words/words.ts";

/** Why no device can enroll now, as the server says it, before somebody hands out a link that does not work. */
export function NotReady() {
  const settings = useResource((signal) => api.get("/enrollment/settings", { signal }), []);
  const effective = settings.value?.effective;
  if (effective === undefined || (effective.ready && effective.warning === null)) return null;
  return (
    <div class="note tone-warn">
      <Icon name="warning" />
      <div>
        {!effective.ready && <p class="note-title">{words("enrollment").notReady}</p>}
        <p>{effective.problem ?? effective.warning}</p>
      </div>
    </div>
  );
}
