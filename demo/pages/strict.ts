import { escapeText } from '../../shared/markup.ts';
import { type WidgetName, widgetNames, widgets } from '../../shared/widgets.ts';
import type { Demo } from '../fill.ts';

/** A page with every widget as a frame and as an element, served under the strict policy. */
export function renderStrict(demo: Demo): string {
  const { publishableKey, accountId } = demo;
  const limit = (name: WidgetName) => (name === 'drawdown-gauge' ? '2500' : null);
  const frame = (name: WidgetName) => {
    const query = new URLSearchParams({ key: publishableKey, account_id: accountId });
    const most = limit(name);
    if (most) query.set('max_drawdown', most);
    const address = escapeText(`/embed/partner/${name}?${query}`);
    return `<iframe src="${address}" title="${widgets[name].title}" width="100%" height="${widgets[name].height}" frameborder="0" loading="lazy"></iframe>`;
  };
  const element = (name: WidgetName) => {
    const most = limit(name);
    return `<pt-${name} account-id="${accountId}"${most ? ` max-drawdown="${most}"` : ''}></pt-${name}>`;
  };
  const rows = widgetNames
    .map(
      (name) =>
        `<h2>${name}</h2>\n<div class="pair"><div>${frame(name)}</div><div>${element(name)}</div></div>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PropTally under a strict policy</title>
<link rel="stylesheet" href="/demo.css">
<script src="/embed.js" async></script>
<link rel="stylesheet" href="/widgets.css">
<script type="module" src="/loader.js" data-key="${publishableKey}"></script>
</head>
<body>
<main class="strict">
<h1>Under the strictest policy</h1>
<p>At the left in an iframe, at the right as an element. This page’s content policy forbids everything that embedding does not need. <a href="/">Back to the dashboard</a></p>
${rows}
</main>
</body>
</html>
`;
}
