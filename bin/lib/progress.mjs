// One line per step with its time: a moving line on a terminal, plain lines elsewhere. Always on stderr, so stdout stays clean.
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const HEARTBEAT_MS = 10_000;

/**
 * Makes `step(title, work)`: runs `work(report)`, shows what it reports meanwhile, then one line with the time it took. A string
 * that `work` resolves to is shown behind the title. `quiet` shows only steps that take over a second.
 */
export function createProgress({ stream = process.stderr, quiet = false } = {}) {
  const live = Boolean(stream.isTTY) && !process.env.CI;
  return async function step(title, work) {
    const begin = performance.now();
    const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
    let detail = '', frame = 0, spoke = begin;
    const draw = () => {
      if (live) stream.write(`\r\x1b[2K${FRAMES[frame++ % FRAMES.length]} ${title}  ${detail ? `${detail}  ` : ''}${seconds()}`);
      else if (performance.now() - spoke >= HEARTBEAT_MS) { spoke = performance.now(); stream.write(`  ${title}: ${detail ? `${detail}, ` : ''}${seconds()} so far\n`); }
    };
    const timer = setInterval(() => { if (!quiet || performance.now() - begin > 1_000) draw(); }, live ? 120 : 1_000);
    const finish = (mark, note) => {
      clearInterval(timer);
      if (live) stream.write('\r\x1b[2K');
      if (quiet && mark === '✓' && performance.now() - begin < 1_000) return;
      stream.write(`${mark} ${title.padEnd(14)} ${note ? `${note}  ` : ''}${seconds()}\n`);
    };
    try {
      const result = await work((text) => { detail = text; });
      finish('✓', typeof result === 'string' ? result : '');
      return result;
    } catch (error) { finish('✗', 'failed after'); throw error; }
  };
}
