import assert from 'node:assert/strict';
import test from 'node:test';
import { startSite } from '../support/browser.ts';
import { setScene } from '../widgets/scene.ts';
import { installedBrowsers } from './installed.ts';

const scene = await setScene();
test.after(() => scene.stop());

for (const { name, open } of installedBrowsers())
  test(name, async (t) => {
    const browser = await open();
    t.after(() => browser.close());
    const site = await startSite(t);
    const shell = `${scene.address}/embed/partner/stats-card?key=${scene.key}&account_id=${scene.accounts.busy}`;

    for (const sandbox of ['allow-scripts', 'allow-scripts allow-same-origin'])
      await t.test(`a frame with sandbox="${sandbox}" runs its script`, async () => {
        site.pages.set(
          '/',
          '<!doctype html><html lang="en"><meta charset="utf-8"><title>Firm</title>',
        );
        await browser.open(`${site.address}/`);
        const height = await browser.run(
          (address, allowed) =>
            new Promise<number | string>((done) => {
              const frame = document.createElement('iframe');
              frame.setAttribute('sandbox', allowed);
              frame.height = '280';
              frame.src = address;
              // Posted by its script.
              addEventListener('message', ({ data }) => done(data.height));
              setTimeout(() => done('nothing'), 10_000);
              setInterval(
                () => frame.contentWindow?.postMessage({ type: 'proptally:follow' }, '*'),
                100,
              );
              document.body.append(frame);
            }),
          shell,
          sandbox,
        );
        assert.equal(height, scene.heights['stats-card']);
      });

    for (const address of ['/builder', shell.slice(scene.address.length)])
      await t.test(`${address.split('?')[0]} may load the icon that browsers request`, async () => {
        await browser.open(scene.address + address);
        const isLoaded = await browser.run(
          () =>
            new Promise<boolean>((done) => {
              const image = new Image();
              image.onload = () => done(true);
              image.onerror = () => done(false);
              image.src = '/favicon.ico';
            }),
        );
        assert.ok(isLoaded);
      });
  });
