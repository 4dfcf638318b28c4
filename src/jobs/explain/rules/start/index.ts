import type { Rule } from '../../rule.ts';
import { argumentsTooLong } from './arguments-too-long.ts';
import { cpuIsa } from './cpu-isa.ts';
import { elfCorrupt } from './elf-corrupt.ts';
import { elfNotAProgram } from './elf-not-a-program.ts';
import { emptyFile } from './empty-file.ts';
import { entrypointDanglingSymlink } from './entrypoint-dangling-symlink.ts';
import { entrypointMissing } from './entrypoint-missing.ts';
import { entrypointNotExecutable } from './entrypoint-not-executable.ts';
import { entrypointNotInPath } from './entrypoint-not-in-path.ts';
import { entrypointNotRegular } from './entrypoint-not-regular.ts';
import { entrypointPermission } from './entrypoint-permission.ts';
import { entrypointSymlinkLoop } from './entrypoint-symlink-loop.ts';
import { envProgramMissing } from './env-program-missing.ts';
import { foreignFormat } from './foreign-format.ts';
import { groupNotFound } from './group-not-found.ts';
import { imageBroken } from './image-broken.ts';
import { interpreterCrlf } from './interpreter-crlf.ts';
import { interpreterLoop } from './interpreter-loop.ts';
import { interpreterMissing } from './interpreter-missing.ts';
import { interpreterNotExecutable } from './interpreter-not-executable.ts';
import { libInvalid } from './lib-invalid.ts';
import { libMissing } from './lib-missing.ts';
import { libPermission } from './lib-permission.ts';
import { libWrongArch } from './lib-wrong-arch.ts';
import { libcLoaderSkew } from './libc-loader-skew.ts';
import { libcMismatch } from './libc-mismatch.ts';
import { loaderElsewhere } from './loader-elsewhere.ts';
import { loaderInvalid } from './loader-invalid.ts';
import { loaderMissing } from './loader-missing.ts';
import { loaderNotExecutable } from './loader-not-executable.ts';
import { mountpointConflict } from './mountpoint-conflict.ts';
import { noCommand } from './no-command.ts';
import { noShebang } from './no-shebang.ts';
import { osMismatch } from './os-mismatch.ts';
import { programMissing } from './program-missing.ts';
import { runtimeIncomplete } from './runtime-incomplete.ts';
import { scriptUnreadable } from './script-unreadable.ts';
import { shebangArgs } from './shebang-args.ts';
import { shebangInvalid } from './shebang-invalid.ts';
import { shellCommandDenied } from './shell-command-denied.ts';
import { shellCommandMissing } from './shell-command-missing.ts';
import { shellMissing } from './shell-missing.ts';
import { symbolMissing } from './symbol-missing.ts';
import { userInvalid } from './user-invalid.ts';
import { userNotFound } from './user-not-found.ts';
import { versionMissing } from './version-missing.ts';
import { workdirInvalid } from './workdir-invalid.ts';
import { workdirNotDirectory } from './workdir-not-directory.ts';
import { wrongArchitecture } from './wrong-architecture.ts';

/** One rule for each cause of facts/start that ends a start, in the order of its phases. */
export const startRules: readonly Rule[] = [
  noCommand,
  osMismatch,
  userNotFound,
  groupNotFound,
  userInvalid,
  workdirInvalid,
  workdirNotDirectory,
  mountpointConflict,
  imageBroken,
  entrypointMissing,
  entrypointNotInPath,
  entrypointDanglingSymlink,
  entrypointSymlinkLoop,
  entrypointNotRegular,
  entrypointNotExecutable,
  entrypointPermission,
  shellMissing,
  argumentsTooLong,
  noShebang,
  foreignFormat,
  emptyFile,
  wrongArchitecture,
  elfCorrupt,
  elfNotAProgram,
  loaderMissing,
  loaderElsewhere,
  libcMismatch,
  loaderNotExecutable,
  loaderInvalid,
  interpreterMissing,
  interpreterCrlf,
  interpreterNotExecutable,
  interpreterLoop,
  shebangInvalid,
  libMissing,
  libPermission,
  libInvalid,
  libWrongArch,
  versionMissing,
  libcLoaderSkew,
  symbolMissing,
  cpuIsa,
  shebangArgs,
  scriptUnreadable,
  envProgramMissing,
  shellCommandMissing,
  shellCommandDenied,
  programMissing,
  runtimeIncomplete,
];
