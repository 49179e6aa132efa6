/** What a firm's back end sees: the events that its webhook was told of, verified, as they come. */
export function renderReceiver(): string {
  return `<!doctype html>
<html lang="en" data-theme="dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Summit Funded · Webhooks</title>
<link rel="stylesheet" href="/demo.css">
<script type="module" src="/receiver.js"></script>
</head>
<body>
<header class="bar">
<a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 20 9 6l4 7 3-5 6 12z"/></svg>Summit Funded</a>
<nav aria-label="Main"><a href="/">Dashboard</a><a href="/receiver" aria-current="page">Webhooks</a></nav>
</header>
<main class="received">
<h1>Webhooks as they come</h1>
<p>This page is the firm’s own server: each request was verified by its signature before it is shown. A trade is closed every few seconds. To send one yourself, run the command that the terminal has printed.</p>
<ol id="events" aria-label="Events, the newest first" aria-live="polite"></ol>
<p id="none">Nothing has arrived yet.</p>
</main>
</body>
</html>
`;
}

/** Asks for what has arrived since, every second. */
export const receiverScript = `const list = document.getElementById('events');
const none = document.getElementById('none');
let last = 0;

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show({ number, at, event, id, data }) {
  last = number;
  none.hidden = true;
  const item = document.createElement('li');
  const time = element('time', new Date(at).toLocaleTimeString());
  time.dateTime = new Date(at).toISOString();
  item.append(time, element('strong', event), element('span', 'verified', 'mark'), element('code', id));
  item.append(element('pre', JSON.stringify(data, null, 1).replace(/\\n\\s*/g, ' ')));
  list.prepend(item);
  while (list.children.length > 50) list.lastChild.remove();
}

async function ask() {
  try {
    const response = await fetch('/received?after=' + last);
    for (const event of await response.json()) show(event);
  } catch {
    // The server may be started again.
  }
  setTimeout(ask, 1000);
}

ask();
`;
