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
  return (
    <>
      <PageHead title={words("common").pages.start} />
      <Load of={summary} rows={8}>
        {(known) => {
          const isEmpty = known.as_of !== null && Object.values(known.devices).every((count) => count === 0);
          return isEmpty ? (
            <>
              <SetUp />
              <Problems />
            </>
          ) : (
            <>
              <Problems />
              <Fleet summary={known} />
              <Today />
            </>
          );
        }}
      </Load>
    </>
  );
}
