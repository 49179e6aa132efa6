import type { App } from '../server/app.ts';
import { widgets } from '../shared/widgets.ts';
import type { Demo } from './fill.ts';
import { pageStyles } from './page-styles.ts';

/** What the page shows, each both ways and in both themes. */
const shown = ['stats-card', 'equity-curve'] as const;

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src https:',
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Adds the demo page, at `/`, to an app. */
export function serveDemoPage(demo: Demo): (app: App) => void {
  const page = renderPage(demo);
  return ({ koa }) => {
    koa.use(async (context, next) => {
      if (context.path === '/') {
        context.set('Content-Security-Policy', contentPolicy);
        context.set('Cache-Control', 'no-store');
        context.type = 'html';
        context.body = page;
      } else if (context.path === '/demo.css') {
        context.type = 'css';
        context.body = pageStyles;
      } else await next();
    });
  };
}

function renderPage(demo: Demo): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PropTally demo</title>
<link rel="stylesheet" href="/demo.css">
<script type="module" src="/widgets.js" data-key="${demo.publishableKey}"></script>
</head>
<body>
<header>
<h1>PropTally</h1>
<p>The same widgets as iframes and as elements, in both themes, on ten made-up accounts.</p>
</header>
<main>
${panel('dark', demo)}
${panel('light', demo)}
</main>
</body>
</html>
`;
}

function panel(theme: 'dark' | 'light', demo: Demo): string {
  return `<section class="${theme}">
<h2>${theme === 'dark' ? 'Dark' : 'Light'}</h2>
<h3>iframe</h3>
<div class="row">${shown.map((name) => iframe(name, theme, demo)).join('')}</div>
${code(iframe('stats-card', theme, demo))}
<h3>Element</h3>
<div class="row">${shown.map((name) => element(name, theme, demo)).join('')}</div>
${code(`<script type="module" src="/widgets.js" data-key="${demo.publishableKey}"></script>\n${element('stats-card', theme, demo)}`)}
</section>`;
}

function iframe(name: (typeof shown)[number], theme: 'dark' | 'light', demo: Demo): string {
  const address = `/embed/partner/${name}?key=${demo.publishableKey}&amp;account_id=${demo.accountId}&amp;theme=${theme}`;
  return `<iframe class="${theme}" title="${widgets[name].title}" src="${address}" width="100%" height="${widgets[name].height}"></iframe>`;
}

function element(name: (typeof shown)[number], theme: 'dark' | 'light', demo: Demo): string {
  return `<pt-${name} account-id="${demo.accountId}" theme="${theme}"></pt-${name}>`;
}

/** The markup itself, to be copied. */
function code(markup: string): string {
  const text = markup.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<details><summary>Markup</summary><pre><code>${text}</code></pre></details>`;
}
