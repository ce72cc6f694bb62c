/** A profile as an answer: with the one content type that makes devices offer to install it, and never cached. */
export const profileHeaders = ({
  name = "enroll",
  warning,
}: {
  name?: string;
  warning?: string | undefined;
} = {}): Record<string, string> => ({
  "Content-Type": "application/x-apple-aspen-config",
  "Content-Disposition": `attachment; filename="${name.replace(/[^\w.-]/g, "_")}.mobileconfig"`,
  "Cache-Control": "no-store",
  ...(warning && { Warning: `299 - "${warning}"` }),
});
