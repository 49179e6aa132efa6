import { measureAggregate } from './aggregate.ts';
import { measureBounded } from './bounded.ts';
import { measureBytes } from './bytes.ts';
import { type Figure, unbounded, writeTable } from './figure.ts';
import { measureFiles } from './files.ts';
import { measureHealth } from './health.ts';
import { measureImport } from './import.ts';
import { measureKills } from './kills.ts';
import { measureFrames, measurePaint } from './paint.ts';
import { measureRefusals } from './refusals.ts';
import { measureRequests } from './requests.ts';
import { measureScale } from './scale.ts';
import { measureStreams } from './streams.ts';
import { measureWebhooks } from './webhooks.ts';
import { measureWriting } from './writing.ts';

const parts = {
  requests: measureRequests,
  refusals: measureRefusals,
  bounded: measureBounded,
  health: measureHealth,
  aggregate: measureAggregate,
  import: measureImport,
  files: measureFiles,
  writing: measureWriting,
  webhooks: measureWebhooks,
  streams: measureStreams,
  kills: measureKills,
  bytes: measureBytes,
  paint: measurePaint,
  frames: measureFrames,
  scale: measureScale,
};

type Part = keyof typeof parts;

const names = Object.keys(parts) as Part[];
/** The parts that run only when they are named: their databases take an hour and gigabytes. */
const named: readonly string[] = ['scale'];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name as Part));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const name of names) {
  if (asked.length > 0 ? !asked.includes(name) : named.includes(name)) continue;
  try {
    figures.push(...(await parts[name]()));
  } catch (error) {
    figures.push(unbounded(name, 'could not be measured'));
    console.error(error);
    process.exitCode = 1;
  }
}
console.log(`\n${writeTable(figures)}`);
const over = figures.filter(({ isWithin }) => isWithin === false).length;
if (over > 0) console.log(`\n${over} not within ${over === 1 ? 'its bound' : 'their bounds'}.`);
