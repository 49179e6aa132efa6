import { clipped } from './clipped.js';
import { equal, openShell, scene, until } from './page.js';

const { winner, loser, large, empty, busy } = scene.accounts;

for (const language of ['en-US', 'de-DE', 'ar'])
  it(`a shell clips nothing from 240 to 1,200 px in ${language}`, async () => {
    for (const [widget, height] of Object.entries(scene.heights))
      for (const account_id of [winner, loser, large, empty, busy]) {
        const frame = await openShell(widget, { account_id, lang: language }, 240, height);
        const element = frame.contentDocument.body.firstElementChild;
        await until(() => element.hasUpdated);
        for (const width of [240, 260, 300, 320, 391, 392, 400, 560, 640, 700, 800, 900, 1200]) {
          frame.style.width = `${width}px`;
          await new Promise((resolve) => frame.contentWindow.requestAnimationFrame(resolve));
          equal(
            clipped(element).slice(0, 5).join(', '),
            '',
            `${widget} ${account_id} at ${width}:`,
          );
          const { scrollHeight, scrollWidth } = frame.contentDocument.documentElement;
          equal(`${scrollWidth} × ${scrollHeight}`, `${width} × ${height}`, `${widget} scrolls`);
        }
        frame.remove();
      }
  }).timeout(120_000);
