import { chromeLauncher } from '@web/test-runner-chrome';
import { widgetNames } from './shared/widgets.ts';
import { chromiumArguments, findChromium } from './test/support/chromium.ts';
import { answerOf, liveAnswers } from './test/widgets/answers.ts';
import { buildFrameworkPages } from './test/widgets/framework-pages.ts';
import { largeAnswers } from './test/widgets/large-answers.ts';
import { setScene } from './test/widgets/scene.ts';

/** Forwarded to the server: shells have the origin of the test page, so that tests can access them. */
const served =
  /^\/(api\/|embed\/|assets\/|builder$|(widgets|loader|embed|builder)\.js$|widgets\.css$)/;

/** The strictest policy of a host page. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src https:; connect-src 'self'; frame-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

/** Replaced by the scene's key: tokens themselves are tested with the server. */
const goodToken = /token=pte_[\w-]+\.good/;

const scene = await setScene();
const executablePath = await findChromium();
const pages = await buildFrameworkPages();
/** Whether the words of other languages are `available`, `pending` or `failing`. */
let lateWords = 'available';

function strictPage() {
  const { key, accounts, heights } = scene;
  const names = Object.keys(heights);
  const attributes = `account-id="${accounts.busy}" accent="f59e0b"`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><script type="module" src="/widgets.js" data-key="${key}"></script>
<script src="/embed.js" async></script>
${names.map((name) => `<pt-${name} ${attributes}></pt-${name}>`).join('')}
${names.map((name) => `<iframe src="/embed/partner/${name}?key=${key}&amp;account_id=${accounts.busy}"></iframe>`).join('')}`;
}

export default {
  files: ['test/widgets/*.browser.js', 'test/clients/*.browser.js'],
  concurrency: 2,
  testFramework: { config: { timeout: 10_000 } },
  // For each file, which may take minutes on a slow machine.
  testsFinishTimeout: 300_000,
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
        const { stop, ...data } = scene;
        context.body = data;
        return;
      }
      if (context.path === '/answers.json') {
        const { drawdown } = answerOf('drawdown-gauge').data;
        // Gains of seven digits, losses of eight, and a usual month, with a drawdown limit and without,
        // and live.
        context.body = [
          ...[300.37, -9123.45].map(largeAnswers),
          [
            ...widgetNames.map((name) => answerOf(name)),
            answerOf('drawdown-gauge', { drawdown: { ...drawdown, gauge: null } }),
            ...liveAnswers(),
          ],
        ];
        return;
      }
      if (context.path === '/strict.html') {
        context.set('Content-Security-Policy', strictPolicy);
        context.type = 'html';
        // With a query it has a style that the policy forbids, to test that this is noticed.
        context.body = strictPage() + (context.querystring ? '<style>p{}</style>' : '');
        return;
      }
      if (context.path.startsWith('/without-pointing/')) {
        const { script, tags } = context.query;
        if (script) {
          context.type = 'html';
          context.body = `<!doctype html><html lang="en"><pt-${tags} account-id="${scene.accounts.busy}"></pt-${tags}><script type="module" src="${script}" data-key="${scene.key}"></script>`;
          return;
        }
        // The first never arrives, the second is a 404.
        if (/\/pointing-/.test(context.path)) return new Promise(() => {});
        if (/\/line-/.test(context.path)) return;
        context.url = context.url.replace('/without-pointing', '');
      }
      // Copies of the scripts for which the words of other languages can be delayed.
      const late = /^\/late-words(\/.*)/.exec(context.path);
      if (late) {
        if (context.query.are) lateWords = context.query.are;
        const isWords = scene.languages.some((name) => late[1].startsWith(`/assets/${name}-`));
        if (isWords && lateWords === 'pending') return new Promise(() => {});
        if (isWords && lateWords === 'failing') return;
        context.url = late[1];
      }
      const page = pages.get(context.path);
      if (page) {
        context.type = 'js';
        context.body = page;
        return;
      }
      if (!served.test(context.path)) return next();
      const parameter = context.path.startsWith('/embed/') ? 'key' : 'api_key';
      const url = context.url.replace(goodToken, `${parameter}=${scene.key}`);
      const answer = await fetch(scene.address + url, {
        headers: {
          'Accept-Language': context.get('Accept-Language'),
          ...(context.get('X-API-Key') && { 'X-API-Key': context.get('X-API-Key') }),
        },
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
