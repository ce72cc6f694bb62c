// Enrollment: how devices get under management.
import { PageHead } from "../../parts/page.tsx";
import { words } from "../../words/words.ts";

export default function EnrollmentPage() {
  return <PageHead title={words("common").pages.enrollment} lead={words("enrollment").lead} />;
}
