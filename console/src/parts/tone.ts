/** What a colour says: `src/style/parts.css` has it. */
export type Tone = "good" | "warn" | "bad" | "info" | "quiet";
