// Start: what needs the person, the fleet in numbers, what happened today; or the set-up while there is nothing yet.
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { PageHead } from "../../parts/page.tsx";
import { words } from "../../words/words.ts";
import { Fleet } from "./fleet.tsx";
import { Problems } from "./problems.tsx";
import { SetUp } from "./set-up.tsx";
import { Today } from "./today.tsx";

export default function StartPage() {
  const summary = useResource((signal) => api.get("/summary", { signal }), []);
  const known = summary.value;
  const isEmpty =
    known !== undefined && known.as_of !== null && Object.values(known.devices).every((count) => count === 0);
  return (
    <>
      <PageHead title={words("common").pages.start} />
      {isEmpty && <SetUp />}
      <Problems />
      {!isEmpty && (
        <>
          <Load of={summary} rows={6}>
            {(counted) => <Fleet summary={counted} />}
          </Load>
          <Today />
        </>
      )}
    </>
  );
}
