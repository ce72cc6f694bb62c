/** How a profile is handed out: with the one content type that makes devices offer to install it, and never from a cache. */
export const profileHeaders = (warning?: string): Record<string, string> => ({
  "Content-Type": "application/x-apple-aspen-config",
  "Content-Disposition": 'attachment; filename="enroll.mobileconfig"',
  "Cache-Control": "no-store",
  ...(warning && { Warning: `299 - "${warning}"` }),
});
