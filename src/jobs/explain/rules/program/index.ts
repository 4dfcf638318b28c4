import type { Rule } from '../../rule.ts';
import { cpuLevel } from './cpu-level.ts';
import { dotnetIcu } from './dotnet-icu.ts';
import { dotnetOpenssl } from './dotnet-openssl.ts';
import { execstack } from './execstack.ts';
import { foreignLibcAddon } from './foreign-libc-addon.ts';
import { foreignMachineElf } from './foreign-machine-elf.ts';
import { glibcProgramOnMusl } from './glibc-program-on-musl.ts';
import { goCgo } from './go-cgo.ts';
import { hwcapsCopy } from './hwcaps-copy.ts';
import { javaFonts } from './java-fonts.ts';
import { javaModules } from './java-modules.ts';
import { kernelTooOld } from './kernel-too-old.ts';
import { lateLibMissing } from './late-lib-missing.ts';
import { lateModuleMissing } from './late-module-missing.ts';
import { lateSymbolMissing } from './late-symbol-missing.ts';
import { libraryPathDropped } from './library-path-dropped.ts';
import { muslDns } from './musl-dns.ts';
import { muslThreadStack } from './musl-thread-stack.ts';
import { noVersionInformation } from './no-version-information.ts';
import { opensslDirectory } from './openssl-directory.ts';
import { pageSize } from './page-size.ts';
import { preloadMissing } from './preload-missing.ts';
import { program32Bit } from './program-32-bit.ts';
import { pythonAbiMismatch } from './python-abi-mismatch.ts';
import { pythonVenv } from './python-venv.ts';
import { staticTls } from './static-tls.ts';

/** About the program, its libraries and its language's runtime: what ends it late comes first. */
export const programRules: readonly Rule[] = [
  lateSymbolMissing,
  lateModuleMissing,
  lateLibMissing,
  foreignLibcAddon,
  foreignMachineElf,
  pythonAbiMismatch,
  pythonVenv,
  dotnetIcu,
  dotnetOpenssl,
  javaFonts,
  javaModules,
  execstack,
  staticTls,
  preloadMissing,
  libraryPathDropped,
  noVersionInformation,
  glibcProgramOnMusl,
  muslThreadStack,
  muslDns,
  opensslDirectory,
  goCgo,
  cpuLevel,
  hwcapsCopy,
  kernelTooOld,
  pageSize,
  program32Bit,
];
