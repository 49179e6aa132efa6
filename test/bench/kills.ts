import path from 'node:path';
import { KilledFirm } from '../support/kill-rounds.ts';
import { KilledDeliveries } from '../support/killed-deliveries.ts';
import { type Fate, KilledImports } from '../support/killed-imports.ts';
import { openReceiver } from '../support/receiver.ts';
import { type Figure, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { chance } from './trades.ts';

const rounds = 100;
const importRounds = 50;
/** A new database after so many rounds, as checking it takes longer the more there is. */
const roundsOfFirm = 10;
const bin = path.join(import.meta.dirname, '..', '..', 'server', 'bin.js');

/** Kills servers while they write; throws when anything is lost, half there, or there twice. */
export function measureKills(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    let [sent, acknowledged] = [0, 0];
    let firm: KilledFirm | null = null;
    for (let round = 0; round < rounds; round++) {
      if (round % roundsOfFirm === 0) {
        progress(`kills: round ${round + 1} of ${rounds}`);
        firm = await KilledFirm.make(path.join(folder, `killed-${round}.db`), [bin]);
      }
      const after = 50 + Math.floor(chance(round, 7) * 400);
      const done = await firm!.round(after, 1 + (round % 2));
      sent += done.sent;
      acknowledged += done.acknowledged;
    }
    const fates = await killImports(folder);
    const deliveries = await killDeliveries(folder);
    return [
      unbounded(
        `Writes lost, half there, twice or without their events, after ${rounds} kills`,
        `0 (${sent} sent, ${acknowledged} acknowledged)`,
      ),
      unbounded(
        `Large files half there, or told twice or never, after ${importRounds} kills`,
        `0 (${fates})`,
      ),
      unbounded(
        `Events that never arrived at a webhook, after ${rounds} kills`,
        `0 (${deliveries.events} events, ${deliveries.twice} arrived twice)`,
      ),
    ];
  });
}

/** Kills servers while they import large files; returns what became of those. */
async function killImports(folder: string): Promise<string> {
  const fates: Record<Fate, number> = { nothing: 0, undone: 0, done: 0 };
  let firm: KilledImports | null = null;
  for (let round = 0; round < importRounds; round++) {
    if (round % roundsOfFirm === 0) {
      progress(`kills: import ${round + 1} of ${importRounds}`);
      firm = await KilledImports.make(path.join(folder, `imports-${round}.db`), [bin]);
    }
    fates[await firm!.round(300 + Math.floor(chance(round, 8) * 2_700))]++;
  }
  return `${fates.nothing} not begun, ${fates.undone} taken back, ${fates.done} done and then taken back`;
}

/** Kills a server, or one of two, while they deliver. */
async function killDeliveries(folder: string): Promise<{ events: number; twice: number }> {
  const receiver = await openReceiver();
  const sums = { events: 0, twice: 0 };
  let firm: KilledDeliveries | null = null;
  for (let round = 0; round < rounds; round++) {
    if (round % roundsOfFirm === 0) {
      progress(`kills: delivering, round ${round + 1} of ${rounds}`);
      firm = await KilledDeliveries.make(
        path.join(folder, `deliveries-${round}.db`),
        [bin],
        receiver,
      );
    }
    const done = await firm!.round(Math.floor(chance(round, 9) * 400), 1 + (round % 2));
    sums.events += done.events;
    sums.twice += done.twice;
  }
  receiver.close();
  return sums;
}
