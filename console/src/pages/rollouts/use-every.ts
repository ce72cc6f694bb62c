import { useEffect } from "preact/hooks";

/** Does it again and again while `wanted`, and the page is in sight. */
export function useEvery(ms: number, act: () => void, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => {
      if (!document.hidden) act();
    }, ms);
    return () => clearInterval(timer);
  }, [wanted, ms, act]);
}
