import { adeDetectors } from "./detectors/ade.ts";
import { contentDetectors } from "./detectors/content.ts";
import { type Detector, detectors } from "./detectors/deployment.ts";
import { platformDetectors } from "./detectors/platform.ts";
import { settingDetectors } from "./detectors/settings.ts";
import { webhookDetectors } from "./detectors/webhooks.ts";
import { loadDeploymentFacts } from "./facts.ts";
import { type Kept, keepFindings } from "./keep.ts";

/** The quick check: a limited number of rows, once an hour. */
export const quickDetectors: readonly Detector[] = [
  ...detectors,
  ...adeDetectors,
  ...contentDetectors,
  ...webhookDetectors,
  ...settingDetectors,
  ...platformDetectors,
];

export async function checkDeployment(env: Env, now: number): Promise<Kept> {
  const facts = await loadDeploymentFacts(env, now);
  return keepFindings(
    env,
    quickDetectors.flatMap(({ codes }) => codes),
    quickDetectors.flatMap(({ find }) => find(facts, now)),
    now,
  );
}
