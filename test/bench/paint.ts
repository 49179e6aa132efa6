import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { findChromium } from '../support/chromium.ts';
import type { StaticPage } from './children/served.ts';
import { atMost, type Figure, progress, unbounded } from './figure.ts';
import { type Shells, withShells } from './shells.ts';

const conditions = ['--throttle', '4g', '--cpu', '4'];
/** A tool that is not part of the project, with pages by other chart libraries. */
const tool = process.env.PROPTALLY_PAINT;
const peers = ['uplot', 'lightweight-charts', 'chart.js', 'echarts'];
const peersPort = '8127';

interface Measured {
  summary: { cold: Record<string, { content: { median: number } | null }> };
  warnings: string[];
}

/** How long until figures are on screen: each widget alone, compared with the same picture on a page without scripts. */
export function measurePaint(): Promise<Figure[]> {
  return withTool(async (shells, folder) => {
    progress('paint: building the pages to compare with');
    await run('npm', ['run', '--silent', 'build'], folder);
    const server = spawn(process.execPath, ['peers/server.mjs'], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, PORT: peersPort },
    });
    try {
      return await measureEach(shells, folder);
    } finally {
      server.kill();
    }
  });
}

/** The same with every widget in a frame of its own on one page, compared with as many static pages. */
export function measureFrames(): Promise<Figure[]> {
  return withTool(measureAll);
}

async function withTool(
  measureWith: (shells: Shells, folder: string) => Promise<Figure[]>,
): Promise<Figure[]> {
  if (!tool || !existsSync(path.join(tool, 'measure.mjs'))) {
    return [unbounded('Time to figures on screen', 'skipped: PROPTALLY_PAINT names no tool')];
  }
  return withShells(async (shells) => {
    const folder = path.join(shells.folder, 'paint');
    cpSync(tool, folder, { recursive: true, filter: (name) => !/node_modules|dist/.test(name) });
    progress('paint: installing the measuring tool');
    await run('npm', ['install', '--silent', '--no-audit', '--no-fund'], folder);
    return measureWith(shells, folder);
  });
}

/** Measures each shell alone, and the line of the curve as drawn by other chart libraries. */
async function measureEach(shells: Shells, folder: string): Promise<Figure[]> {
  const targets: string[] = [];
  const add = (name: string, address: string) => targets.push('--target', `${name}=${address}`);
  for (const widget of widgetNames) {
    add(`${widget}:limit`, await addStaticPage(shells, widget));
    add(`${widget}:shell`, shells.addressOf(widget));
  }
  for (const peer of peers) add(`equity-curve:${peer}`, `http://localhost:${peersPort}/${peer}`);
  // Not all widgets have a chart, so a digit in view counts as their content.
  for (const widget of widgetNames)
    if (widget !== 'equity-curve')
      for (const page of ['limit', 'shell']) targets.push('--text', `${widget}:${page}`);
  const { content, warnings } = await measure(folder, [...targets, '--runs', '15']);
  const compared = (what: string, name: string, other: string, most: number) =>
    atMost(what, content(name) / content(other), most, {
      details: ` (${content(name).toFixed(0)} against ${content(other).toFixed(0)} ms)`,
    });
  return [
    ...widgetNames.map((widget) =>
      compared(
        `Time to figures on screen, ${widget}, against a static page`,
        `${widget}:shell`,
        `${widget}:limit`,
        widget === 'equity-curve' ? 1.25 : 1.15,
      ),
    ),
    compared('Equity curve against bare uPlot', 'equity-curve:shell', 'equity-curve:uplot', 0.6),
    ...peers.slice(1).map((peer) => {
      const ratio = content('equity-curve:shell') / content(`equity-curve:${peer}`);
      const milliseconds = content(`equity-curve:${peer}`).toFixed(0);
      return unbounded(`  against ${peer}`, `${ratio.toFixed(2)} (${milliseconds} ms)`);
    }),
    ...warnings,
  ];
}

async function measureAll(shells: Shells, folder: string): Promise<Figure[]> {
  const alternatives = (addresses: string[]) => {
    const prefix = new URL(addresses[0]!).origin;
    return `${prefix}[${addresses.map((address) => address.slice(prefix.length)).join('|')}]`;
  };
  const limits: string[] = [];
  for (const widget of widgetNames) limits.push(await addStaticPage(shells, widget));
  const { content, warnings } = await measure(folder, [
    '--target',
    `all:limit=${alternatives(limits)}`,
    '--target',
    `all:shells=${alternatives(widgetNames.map(shells.addressOf))}`,
    '--text',
    '*',
    '--count',
    String(widgetNames.length),
    '--runs',
    '15',
  ]);
  const [ours, limit] = [content('all:shells'), content('all:limit')];
  const details = ` (${ours.toFixed(0)} against ${limit.toFixed(0)} ms)`;
  return [
    atMost('All widgets in frames on one page, against static pages', ours / limit, 1.1, {
      details,
    }),
    ...warnings,
  ];
}

/** Adds a page with the shell's document and headers, but without its scripts; returns its address. */
async function addStaticPage({ server, addressOf }: Shells, widget: WidgetName): Promise<string> {
  const address = addressOf(widget);
  const response = await fetch(address, { headers: { 'Accept-Language': 'en-US' } });
  const body = (await response.text())
    .replace(/<link rel="modulepreload"[^>]*>/g, '')
    // The still's style shows it only once an element follows it.
    .replace(/<script\b.*?<\/script>/gs, '<template></template>');
  const page: StaticPage = { path: `/static/${widget}`, body, headers: {} };
  for (const name of ['content-security-policy', 'cache-control', 'vary']) {
    const value = response.headers.get(name);
    if (value !== null) page.headers[name] = value;
  }
  await server.ask('addPage', page);
  return new URL(page.path, address).href;
}

async function measure(folder: string, options: readonly string[]) {
  const out = path.join(folder, 'paint.json');
  progress('paint: visiting each page 16 times, cold and warm; this takes minutes');
  await run(process.execPath, ['measure.mjs', ...options, ...conditions, '--out', out], folder);
  const { summary, warnings } = JSON.parse(readFileSync(out, 'utf8')) as Measured;
  return {
    content: (name: string) => summary.cold[name]?.content?.median ?? Number.NaN,
    warnings: warnings.map((warning) => unbounded('  warning', warning)),
  };
}

async function run(command: string, parameters: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, parameters, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CHROMIUM: (await findChromium()) ?? '', PORT: peersPort },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${parameters[0]} ended with ${code}.`);
}
