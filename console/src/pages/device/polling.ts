import { useEffect } from "preact/hooks";

/** What is under way is read again every few seconds, while the page is in sight. */
export function usePolling(isMoving: boolean, reload: () => void): void {
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(() => document.hidden || reload(), 5000);
    return () => clearInterval(timer);
  }, [isMoving, reload]);
}
