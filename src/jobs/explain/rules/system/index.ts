import type { Rule } from '../../rule.ts';
import { entrypointUnderVolume } from './entrypoint-under-volume.ts';
import { envTooLarge } from './env-too-large.ts';
import { fileCapabilities } from './file-capabilities.ts';
import { healthcheckCommandMissing } from './healthcheck-command-missing.ts';
import { homeMissing } from './home-missing.ts';
import { lateCertsMissing } from './late-certs-missing.ts';
import { lateCommandMissing } from './late-command-missing.ts';
import { lateDataMissing } from './late-data-missing.ts';
import { lateFileMissing } from './late-file-missing.ts';
import { lateNssMissing } from './late-nss-missing.ts';
import { lateTzdataMissing } from './late-tzdata-missing.ts';
import { lowPortNonRoot } from './low-port-non-root.ts';
import { mimeTypesMissing } from './mime-types-missing.ts';
import { pid1Signals } from './pid1-signals.ts';
import { platformMismatch } from './platform-mismatch.ts';
import { setuidProgram } from './setuid-program.ts';
import { shellFormIgnoresCmd } from './shell-form-ignores-cmd.ts';
import { shellSwallowsSignals } from './shell-swallows-signals.ts';
import { smallSharedMemory } from './small-shared-memory.ts';
import { tmpMissing } from './tmp-missing.ts';
import { userByName } from './user-by-name.ts';
import { volumeNotWritable } from './volume-not-writable.ts';
import { wholeLineInOneWord } from './whole-line-in-one-word.ts';

/** What a program misses from the system around it: first what ends it soon, in the order in which programs ask. */
export const systemRules: readonly Rule[] = [
  lateFileMissing,
  lateNssMissing,
  lateDataMissing,
  lateTzdataMissing,
  lateCommandMissing,
  lateCertsMissing,
  healthcheckCommandMissing,
  volumeNotWritable,
  platformMismatch,
  envTooLarge,
  fileCapabilities,
  shellFormIgnoresCmd,
  shellSwallowsSignals,
  pid1Signals,
  tmpMissing,
  homeMissing,
  lowPortNonRoot,
  userByName,
  setuidProgram,
  entrypointUnderVolume,
  wholeLineInOneWord,
  mimeTypesMissing,
  smallSharedMemory,
];
