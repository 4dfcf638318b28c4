import { type ContainerSettings, defaultCapabilities, defaultPath } from '../formats/runtime/index.ts';
import { containerId } from './id.ts';

/** What runs and how it is confined; where its root lies is the sandbox's business. */
export interface Container extends Omit<ContainerSettings, 'rootPath'> {
  /** HOME, where `env` has none and the runtime does not look it up in /etc/passwd. */
  readonly home: string;
}

/** A container of its own name with docker's defaults: root, no network, nothing mounted, no limits. */
export function plainContainer(args: readonly string[], change: Partial<Container> = {}): Container {
  const id = containerId();
  return {
    ...{ id, hostname: id, args, env: [`PATH=${defaultPath}`], cwd: '/', home: '/' },
    user: { uid: 0, gid: 0, additionalGids: [] },
    ...{ terminal: false, network: 'none', binds: [], tmpfs: [], readOnlyRoot: false },
    ...{ capabilities: defaultCapabilities, noNewPrivileges: false, seccomp: 'default', limits: {}, rlimits: [] },
    ...change,
  };
}
