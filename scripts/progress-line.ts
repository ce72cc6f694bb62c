/** One line that changes on a terminal; elsewhere a new line now and then. */
export function progressLine(): (text: string, last?: boolean) => void {
  if (process.stdout.isTTY) return (text) => process.stdout.write(`\r\x1b[2K${text}`);
  let shown = Date.now();
  return (text, last = false) => {
    if (!last && Date.now() - shown < 2000) return;
    shown = Date.now();
    console.log(text);
  };
}
