import type { Profiler } from 'node:inspector';
import path from 'node:path';
import type { Child } from './child.ts';
import type { Load } from './children/load.ts';
import { type Figure, unbounded } from './figure.ts';

/** Shares of the time below this are left out. */
const smallestShare = 0.015;
const root = path.resolve(import.meta.dirname, '..', '..');
const outside = 'Node and Koa around it';

/**
 * Where the server's time goes under a load. Each sample counts for the innermost function of the
 * project on the stack, so that the figures name lines that can be changed.
 */
export async function profileServer(served: Child, load: Child, asked: Load): Promise<Figure[]> {
  await served.ask('startProfile');
  await load.ask('run', asked);
  const profile = await served.ask<Profiler.Profile>('stopProfile');
  return shares(profile)
    .filter(([, share]) => share >= smallestShare)
    .map(([name, share]) => unbounded(`  of its time: ${name}`, `${(100 * share).toFixed(1)} %`));
}

function shares({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): [string, number][] {
  const owners = ownersOf(nodes);
  const times = new Map<string, number>();
  let busy = 0;
  for (const [index, sample] of samples.entries()) {
    const owner = owners.get(sample)!;
    if (owner === '(idle)') continue;
    const time = timeDeltas[index]!;
    busy += time;
    times.set(owner, (times.get(owner) ?? 0) + time);
  }
  return [...times]
    .map(([name, time]): [string, number] => [name, time / busy])
    .sort(([, one], [, other]) => other - one);
}

/** The name for which each node of the call tree counts. */
function ownersOf(nodes: readonly Profiler.ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, string>();
  const visit = (node: Profiler.ProfileNode, inherited: string) => {
    const owner = nameOf(node.callFrame) ?? inherited;
    owners.set(node.id, owner);
    for (const child of node.children ?? []) visit(byId.get(child)!, owner);
  };
  visit(nodes[0]!, outside);
  return owners;
}

function nameOf({ url, functionName, lineNumber }: Profiler.ProfileNode['callFrame']) {
  if (functionName === '(idle)' || functionName === '(garbage collector)') return functionName;
  if (!url.startsWith('file:')) return null;
  const file = path.relative(root, new URL(url).pathname).split(path.sep).join('/');
  const [, dependency] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  if (file.startsWith('test/bench/')) return '(measuring)';
  // After an await, these packages have no function of the project on the stack any more.
  if (dependency)
    return ['kysely', 'better-sqlite3', 'zod'].includes(dependency) ? dependency : null;
  return `${file}:${lineNumber + 1} ${functionName}`;
}
