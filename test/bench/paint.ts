import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from '../support/chromium.ts';
import type { StaticPage } from './children/served.ts';
import { atMost, type Figure, progress, told } from './figure.ts';
import { type MeasuredWidget, measuredWidgets, type Shells, withShells } from './shells.ts';

const most: Record<MeasuredWidget, number> = { 'stats-card': 1.15, 'equity-curve': 1.25 };
const conditions = ['--runs', '15', '--throttle', '4g', '--cpu', '4'];
const root = path.resolve(import.meta.dirname, '..', '..');
/** A tool that is not part of the project. */
const tool = path.resolve(root, process.env.PROPTALLY_PAINT ?? '../shared/paint');

interface Measured {
  summary: { cold: Record<string, { content: { median: number } | null }> };
  warnings: string[];
}

/** When figures are on screen, against the same picture as a page without a script. */
export async function measurePaint(): Promise<Figure[]> {
  if (!existsSync(path.join(tool, 'measure.mjs'))) {
    return [told('Time to figures on screen', `skipped: PROPTALLY_PAINT names no tool (${tool})`)];
  }
  return withShells(async (shells) => {
    const targets: string[] = [];
    for (const widget of measuredWidgets) {
      targets.push('--target', `${widget}:limit=${await addStaticPage(shells, widget)}`);
      targets.push('--target', `${widget}:shell=${shells.addressOf(widget)}`);
    }
    const { summary, warnings } = await runTool(shells.folder, targets);
    const content = (name: string) => summary.cold[name]?.content?.median ?? Number.NaN;
    return [
      ...measuredWidgets.map((widget) => {
        const [shell, limit] = [content(`${widget}:shell`), content(`${widget}:limit`)];
        const details = ` (${shell.toFixed(0)} against ${limit.toFixed(0)} ms)`;
        return atMost(`Time to figures on screen, ${widget}`, shell / limit, most[widget], {
          details,
        });
      }),
      ...warnings.map((warning) => told('  warning', warning)),
    ];
  });
}

/** Keeps the shell's document without its scripts, with the headers of the shell; tells its address. */
async function addStaticPage(
  { server, addressOf }: Shells,
  widget: MeasuredWidget,
): Promise<string> {
  const address = addressOf(widget);
  const response = await fetch(address, { headers: { 'Accept-Language': 'en-US' } });
  const body = (await response.text())
    .replace(/<link rel="modulepreload"[^>]*>/g, '')
    .replace(/<script\b.*?<\/script>/gs, '');
  const page: StaticPage = { path: `/static/${widget}`, body, headers: {} };
  for (const name of ['content-security-policy', 'cache-control', 'vary']) {
    const value = response.headers.get(name);
    if (value !== null) page.headers[name] = value;
  }
  await server.ask('addPage', page);
  return new URL(page.path, address).href;
}

async function runTool(folder: string, targets: readonly string[]): Promise<Measured> {
  // It imports playwright-core by name, which is looked for beside it.
  for (const name of ['measure.mjs', 'probe.js']) {
    copyFileSync(path.join(tool, name), path.join(folder, name));
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const out = path.join(folder, 'paint.json');
  progress('paint: visiting each page 16 times, cold and warm; this takes minutes');
  const measure = spawn(
    process.execPath,
    [path.join(folder, 'measure.mjs'), ...targets, ...conditions, '--out', out],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CHROMIUM: (await findChromium()) ?? '' },
    },
  );
  const [code] = await once(measure, 'exit');
  if (code !== 0) throw new Error(`${tool} ended with ${code}.`);
  return JSON.parse(readFileSync(out, 'utf8')) as Measured;
}
