import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { limitsOf, readBody } from '../body.ts';
import { observationsBody, writeObservations } from '../routes/observations.ts';
import { Failure, print } from './output.ts';
import { counted, type OfPartner, ofPartner, writeRecords } from './records.ts';

export function observeCommand(): Command {
  return ofPartner('observe', 'tell what accounts are worth while positions are open')
    .argument('<file>', 'the body of POST /observations as JSON; - for standard input')
    .action(async (file: string, options: OfPartner) => {
      const body = readBody(await readAll(file), observationsBody, limits);
      const written = await writeRecords(options, async (writing) =>
        writeObservations(writing, body.observations),
      );
      const { observations, accounts, changed } = written;
      const what = `${counted(observations, 'observation')} of ${counted(accounts, 'account')}`;
      print(options.json, written, changed > 0 ? `Kept ${what}.` : `${what}, all kept already.`);
    });
}

const limits = limitsOf('known');

/** The bytes of a file, within the limit of a body. */
async function readAll(file: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of file === '-' ? process.stdin : createReadStream(file)) {
    pieces.push(piece as Buffer);
    bytes += pieces.at(-1)!.length;
    if (bytes > limits.bytes) throw new Failure(`It has more than ${limits.bytes} bytes.`);
  }
  return Buffer.concat(pieces);
}
