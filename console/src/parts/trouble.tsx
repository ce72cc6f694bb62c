import { Icon } from "./icon.tsx";

/** What the server found wrong with a thing, and what to do about it. */
export const TroubleNote = ({ trouble }: { trouble: { detail: string; remedy: string } | null }) =>
  trouble === null ? null : (
    <div class="note tone-bad">
      <Icon name="stop" />
      <div>
        <p>{trouble.detail}</p>
        <p>{trouble.remedy}</p>
      </div>
    </div>
  );
