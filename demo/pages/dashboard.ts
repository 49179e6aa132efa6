import { escapeText } from '../../shared/markup.ts';
import { periods } from '../../shared/period.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { Demo } from '../fill.ts';

/** The dashboard that a firm might have: its own page around all widgets. */
export function renderDashboard(demo: Demo): string {
  const { accounts, accountId, publishableKey } = demo;
  const options = accounts
    .map(
      ({ id, nickname }) =>
        `<option value="${id}"${id === accountId ? ' selected' : ''}>${escapeText(nickname)}</option>`,
    )
    .join('');
  const chosen = periods
    .map(
      (period) =>
        `<button type="button" data-period="${period}" aria-pressed="${period === '30d'}">${period === 'all' ? 'All' : period.toUpperCase()}</button>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Summit Funded · Dashboard</title>
<link rel="stylesheet" href="/demo.css">
<link rel="stylesheet" href="/widgets.css">
<script type="module" src="/loader.js" data-key="${publishableKey}"></script>
<script type="module" src="/demo.js"></script>
</head>
<body>
<header class="bar">
<a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 20 9 6l4 7 3-5 6 12z"/></svg>Summit Funded</a>
<nav aria-label="Main"><a href="/" aria-current="page">Dashboard</a><a href="/receiver">Webhooks</a><a href="/strict">Strict page</a><a href="/builder#key=${publishableKey}&amp;account_id=${accountId}">Widget builder</a></nav>
<button type="button" id="theme">Light theme</button>
</header>
<main>
<div class="head">
<div><h1>Your performance</h1><p>Ten made-up traders, up to this minute.</p></div>
<label>Account <select id="account">${options}<option value="">All accounts</option></select></label>
<div class="periods" role="group" aria-label="Period">${chosen}</div>
</div>
<div class="grid">
${[
  cell('stats-card', 'a'),
  cell('equity-curve', 'a wide'),
  cell('drawdown-gauge', 'c', ' max-drawdown="2500"'),
  cell('win-streak', 'c'),
  cell('instrument-breakdown', 'c alone'),
  cell('trade-heatmap', 'full'),
  cell('performance-summary', 'd'),
  cell('monthly-calendar', 'd'),
  cell('risk-metrics', 'd alone'),
  cell('recent-trades', 'e half'),
  cell('leaderboard', 'e half', ' period="30d"'),
].join('\n')}
</div>
</main>
<footer><p>Summit Funded is a demonstration. Its figures come from PropTally, running beside this page.</p></footer>
</body>
</html>
`;

  function cell(name: WidgetName, place: string, attributes = ''): string {
    return `<pt-${name} class="${place}" account-id="${accountId}" live${attributes}></pt-${name}>`;
  }
}
