import path from 'node:path';
import { KilledFirm } from '../support/kill-rounds.ts';
import { type Fate, KilledImports } from '../support/killed-imports.ts';
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
    return [
      unbounded(
        `Writes lost, half there, twice or without their events, after ${rounds} kills`,
        `0 (${sent} sent, ${acknowledged} acknowledged)`,
      ),
      unbounded(
        `Large files half there, or told twice or never, after ${importRounds} kills`,
        `0 (${fates})`,
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
