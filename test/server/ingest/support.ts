import type { Format, Reading } from '../../../server/ingest/format.ts';
import { openStatement } from '../../../server/ingest/statement-text.ts';
import { wallClock } from '../../../server/ingest/wall-clock.ts';
import type { Trade } from '../../../shared/trades.ts';

/** Yields bytes in pieces of this length. */
export async function* inPieces(
  bytes: Uint8Array,
  length = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** All readings of a file in that format, as the import gets them. */
export async function readStatement(
  format: Format,
  file: string | Uint8Array,
  { zone = 'UTC', pieceLength = Number.POSITIVE_INFINITY } = {},
): Promise<Reading[]> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const { text } = await openStatement(inPieces(bytes, pieceLength));
  const readings: Reading[] = [];
  for await (const batch of format.read(text, wallClock(zone))) readings.push(...batch);
  return readings;
}

export function tradesOf(readings: readonly Reading[]): Trade[] {
  return readings.filter((each) => each.kind === 'trade').map(({ trade }) => trade);
}

/** The refusals as `line: reason`. */
export function refusalsOf(readings: readonly Reading[]): string[] {
  return readings
    .filter((each) => each.kind === 'refused')
    .map(({ line, reason }) => `${line}: ${reason}`);
}

/** The rows passed over as `line: what`. */
export function passedOverOf(readings: readonly Reading[]): string[] {
  return readings
    .filter((each) => each.kind === 'passed over')
    .map(({ line, what }) => `${line}: ${what}`);
}

export function totalOf(trades: readonly Trade[]): number {
  return trades.reduce((sum, { pnl }) => sum + pnl!, 0);
}
