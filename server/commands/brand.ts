import { Command, Option } from 'commander';
import type { z } from 'zod';
import { whiteLabelTier } from '../../shared/access.ts';
import {
  brandingFields,
  changesOf,
  mayHidePoweredBy,
  presentBranding,
} from '../routes/branding.ts';
import { operator } from '../store/audit.ts';
import { transact } from '../store/database.ts';
import { changePartner, type Partner } from '../store/partners.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  orNone,
  outside,
  type Removable,
  readAs,
  withDatabase,
} from './options.ts';
import { describe, Failure, print } from './output.ts';

export function brandCommand(): Command {
  return new Command('brand')
    .description('show or change the brand on a partner’s widgets')
    .addCommand(show())
    .addCommand(set());
}

function printBrand({ json }: CommonOptions, partner: Partner): void {
  const branding = presentBranding(partner);
  print(json, { branding }, describe(branding));
}

function show(): Command {
  return new Command('show')
    .description('show the brand')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      printBrand(options, await withDatabase(options, (database) => knownPartner(database, id)));
    });
}

/** An option for one field of the brand. */
function field(name: string, what: string, schema: z.ZodType<string | null | undefined>): Option {
  const read = readAs(schema);
  return new Option(`--${name} <value>`, what).argParser(orNone((text) => read(text) ?? null));
}

interface SetOptions extends CommonOptions {
  primaryColor?: Removable<string>;
  logoUrl?: Removable<string>;
  logoUrlLight?: Removable<string>;
  logoUrlDark?: Removable<string>;
  companyName?: Removable<string>;
  hidePoweredBy?: 'true' | 'false';
}

function set(): Command {
  const { primary_color, logo_url, company_name } = brandingFields;
  return new Command('set')
    .description('change the given fields of the brand; the value none removes one')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .addOption(field('primary-color', 'the accent colour, such as #10b981', primary_color))
    .addOption(field('logo-url', 'the https address of the logo', logo_url))
    .addOption(
      field('logo-url-light', 'the https address of the logo on the light theme', logo_url),
    )
    .addOption(field('logo-url-dark', 'the https address of the logo on the dark theme', logo_url))
    .addOption(field('company-name', 'the name beside the logo, or instead of one', company_name))
    .addOption(
      new Option(
        '--hide-powered-by <boolean>',
        `whether to hide “Powered by PropTally”; true needs the ${whiteLabelTier} tier`,
      ).choices(['true', 'false']),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: SetOptions) => {
      const { primaryColor, logoUrl, logoUrlLight, logoUrlDark, companyName } = options;
      const wanted = {
        ...(primaryColor && { primary_color: primaryColor.value }),
        ...(logoUrl && { logo_url: logoUrl.value }),
        ...(logoUrlLight && { logo_url_light: logoUrlLight.value }),
        ...(logoUrlDark && { logo_url_dark: logoUrlDark.value }),
        ...(companyName && { company_name: companyName.value }),
        ...(options.hidePoweredBy && { hide_powered_by: options.hidePoweredBy === 'true' }),
      };
      const changes = changesOf(wanted);
      const act = { action: 'branding.changed', details: wanted } as const;
      if (Object.keys(changes).length === 0) throw new Failure('Say what to change. See --help.');
      const changed = await withDatabase(options, async (database) => {
        const partner = await knownPartner(database, id);
        if (changes.hide_powered_by && !mayHidePoweredBy(partner))
          throw new Failure(`The ${partner.tier} tier can’t hide "Powered by PropTally".`);
        return transact(database, (transaction) =>
          changePartner(transaction, id, changes, act, operator, outside.clock()),
        );
      });
      printBrand(options, changed!);
    });
}
