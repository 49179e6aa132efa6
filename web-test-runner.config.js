import { chromeLauncher } from '@web/test-runner-chrome';
import { chromiumArguments, findChromium } from './test/support/chromium.ts';
import { setScene } from './test/widgets/scene.ts';

/** The tests' own pages and the server's answers come from one origin, so that a test sees into a shell. */
const served = /^\/(api\/|embed\/|assets\/|widgets\.js|loader\.js)/;

/** A host page as strict as they come. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src https:; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

const scene = await setScene();
const executablePath = await findChromium();

function strictPage() {
  const { key, accounts } = scene;
  const attributes = `account-id="${accounts.winner}" accent="f59e0b"`;
  return `<!doctype html><meta charset="utf-8"><script type="module" src="/widgets.js" data-key="${key}"></script>
<pt-stats-card ${attributes}></pt-stats-card><pt-equity-curve ${attributes}></pt-equity-curve>`;
}

export default {
  files: 'test/widgets/*.browser.js',
  concurrency: 1,
  testFramework: { config: { timeout: 10_000 } },
  nodeResolve: false,
  browsers: [
    chromeLauncher({
      launchOptions: {
        ...(executablePath && { executablePath }),
        args: [...chromiumArguments, '--js-flags=--expose-gc'],
      },
    }),
  ],
  middleware: [
    async (context, next) => {
      if (context.path === '/scene.json') {
        context.body = { key: scene.key, refusedKey: scene.refusedKey, accounts: scene.accounts };
        return;
      }
      if (context.path === '/strict.html') {
        context.set('Content-Security-Policy', strictPolicy);
        context.type = 'html';
        // With a style that the policy forbids, to see that a test would notice.
        context.body = strictPage() + (context.querystring ? '<style>p{}</style>' : '');
        return;
      }
      if (!served.test(context.path)) return next();
      const answer = await fetch(scene.address + context.url, {
        headers: { 'Accept-Language': context.get('Accept-Language') },
      });
      context.status = answer.status;
      for (const [name, value] of answer.headers)
        if (!/^(content-(encoding|length)|connection|keep-alive|transfer-encoding)$/.test(name))
          context.set(name, value);
      context.body = Buffer.from(await answer.arrayBuffer());
    },
  ],
  plugins: [{ name: 'scene', serverStop: () => scene.stop() }],
};
