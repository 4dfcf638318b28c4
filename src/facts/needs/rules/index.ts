import type { Rule } from '../rule.ts';
import { caCertificates } from './ca-certificates.ts';
import { compressors } from './compressors.ts';
import { configuration } from './configuration.ts';
import { fonts } from './fonts.ts';
import { gconv } from './gconv.ts';
import { interpreters } from './interpreters.ts';
import { libgcc } from './libgcc.ts';
import { libraries } from './libraries.ts';
import { locales } from './locales.ts';
import { nameService } from './name-service.ts';
import { namedCommands } from './named-commands.ts';
import { namedPaths } from './named-paths.ts';
import { openedLibraries } from './opened-libraries.ts';
import { openssl } from './openssl.ts';
import { packageData } from './package-data.ts';
import { pam } from './pam.ts';
import { perlModules } from './perl-modules.ts';
import { scriptWords } from './script-words.ts';
import { scripts } from './scripts.ts';
import { standardLibraries } from './standard-libraries.ts';
import { terminals } from './terminals.ts';
import { timeZones } from './time-zones.ts';

/** Every rule, the surest first: a file's first reason is the best one to show. */
export const rules: readonly Rule[] = [
  libraries,
  interpreters,
  scripts,
  scriptWords,
  perlModules,
  standardLibraries,
  libgcc,
  nameService,
  openedLibraries,
  namedCommands,
  compressors,
  locales,
  gconv,
  timeZones,
  caCertificates,
  openssl,
  terminals,
  pam,
  fonts,
  packageData,
  configuration,
  namedPaths,
];
