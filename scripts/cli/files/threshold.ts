// When a plan is not carried out without its id: it concerns more devices than a slip of the pen should.
import type { Plan } from "./plan.ts";

const [fraction, fewest] = [0.2, 10];

export const mostDevices = ({ fleet }: Pick<Plan, "fleet">): number =>
  Math.max(fewest, Math.floor(fleet * fraction));

export const isLarge = (plan: Pick<Plan, "fleet" | "touched" | "losing">): boolean =>
  Math.max(plan.touched, plan.losing) > mostDevices(plan);

/**
 * Whether this plan is what was confirmed, or what is left of it. The fleet lives on meanwhile: a few devices more are
 * taken for the same.
 */
export function isConfirmed(plan: Plan, confirmed: string): boolean {
  const [wanted, touched, losing] = confirmed.split("-");
  const [wantedNow] = plan.id.split("-");
  return (
    wanted === wantedNow && plan.touched <= Number(touched) + fewest && plan.losing <= Number(losing) + fewest
  );
}
