/**
 * formats/runtime: the OCI runtime's config.json as docker would write it, and the docker flags that shape it.
 * It starts nothing and looks at no machine: what depends on one comes in as HostFacts.
 */
export { allCapabilities, defaultCapabilities, resolveCapabilities } from './capabilities.ts';
export { type CommandChange, commandOf, defaultPath, environmentOf, findVariable } from './command.ts';
export { type BindMount, maskedPaths, readonlyPaths, type TmpfsMount } from './mounts.ts';
export {
  parseBind,
  parseCpus,
  parseEnvFile,
  parseMemory,
  parsePids,
  parseSecurity,
  parseTmpfs,
  parseUlimit,
  type SecurityOptions,
} from './options.ts';
export {
  type ContainerSettings,
  type ContainerUser,
  cgroupName,
  type HostFacts,
  type Limits,
  type NetworkMode,
  runtimeSpec,
} from './spec.ts';
export type { Rlimit, RuntimeSpec, SpecMount } from './types.ts';
