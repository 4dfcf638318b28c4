import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultCapabilities, resolveCapabilities } from './capabilities.ts';
import { seccompProfile } from './seccomp.ts';
import { type ContainerSettings, type HostFacts, runtimeSpec } from './spec.ts';

const host: HostFacts = {
  architecture: 'amd64',
  kernel: [6, 1],
  cgroups: 'v1',
  swapLimit: false,
  userNamespace: false,
  singleId: false,
};
const settings: ContainerSettings = {
  id: 'x1',
  rootPath: '/r',
  readOnlyRoot: false,
  args: ['/hello'],
  env: ['PATH=/bin'],
  cwd: '/',
  user: { uid: 0, gid: 0, additionalGids: [] },
  terminal: false,
  hostname: 'box',
  network: 'none',
  binds: [],
  tmpfs: [],
  capabilities: defaultCapabilities,
  rlimits: [],
  noNewPrivileges: false,
  seccomp: 'default',
  limits: {},
};
const spec = (change: Partial<ContainerSettings> = {}, facts: Partial<HostFacts> = {}) =>
  runtimeSpec({ ...settings, ...change }, { ...host, ...facts });

describe('runtimeSpec', () => {
  it('mounts what docker mounts, in its order', () => {
    assert.deepEqual(
      spec().mounts.map(({ destination, type }) => `${destination} ${type}`),
      [
        '/proc proc',
        '/dev tmpfs',
        '/dev/pts devpts',
        '/sys sysfs',
        '/sys/fs/cgroup cgroup',
        '/dev/mqueue mqueue',
        '/dev/shm tmpfs',
      ],
    );
  });

  it('gives a container of its own network low ports and ping, and a host network nothing', () => {
    const own = spec().linux;
    assert.deepEqual(own.sysctl, {
      'net.ipv4.ip_unprivileged_port_start': '0',
      'net.ipv4.ping_group_range': '0 2147483647',
    });
    assert.ok(own.namespaces.some(({ type }) => type === 'network'));
    const shared = spec({ network: 'host' }).linux;
    assert.equal(shared.sysctl, undefined);
    assert.ok(!shared.namespaces.some(({ type }) => type === 'network'));
  });

  it('sets up a cgroup namespace only with cgroups v2', () => {
    const types = (cgroups: HostFacts['cgroups']) => spec({}, { cgroups }).linux.namespaces.map(({ type }) => type);
    assert.ok(!types('v1').includes('cgroup'));
    assert.ok(types('v2').includes('cgroup'));
  });

  it('writes limits as the kernel wants them, and none where there are no cgroups', () => {
    const limits = { memoryBytes: 64 * 2 ** 20, cpus: 0.5, pids: 20 };
    const { devices, ...rest } = spec({ limits }, { swapLimit: true }).linux.resources;
    assert.equal(devices?.[0]?.allow, false);
    assert.deepEqual(rest, {
      memory: { limit: 67108864, swap: 134217728 },
      cpu: { quota: 50000, period: 100000 },
      pids: { limit: 20 },
    });
    const without = spec({ limits }, { cgroups: 'none' }).linux;
    assert.deepEqual([without.resources, without.cgroupsPath], [{}, undefined]);
  });

  it('gives capabilities to root only, and keeps them in the bounding set for others', () => {
    const { capabilities, user } = spec({ user: { uid: 5, gid: 6, additionalGids: [7, 6] } }).process;
    assert.deepEqual(capabilities.effective, []);
    assert.equal(capabilities.bounding.length, 14);
    assert.deepEqual(user.additionalGids, [6, 7]);
  });

  it('lets a mount of the user take the place of one of its own, and puts parents before children', () => {
    const bind = (target: string) => ({ source: '/h', target, readOnly: true, propagation: 'rprivate' as const });
    const { mounts } = spec({
      binds: [bind('/a/b'), bind('/a'), bind('/dev/shm')],
      tmpfs: [{ target: '/t', options: ['size=1m'] }],
    });
    const own = mounts.slice(6).map(({ destination, options }) => `${destination} ${options.join(',')}`);
    assert.deepEqual(own, [
      '/a rbind,ro,rprivate',
      '/t noexec,nosuid,nodev,rprivate,size=1m',
      '/a/b rbind,ro,rprivate',
      '/dev/shm rbind,ro,rprivate',
    ]);
  });

  it('shows the sysfs of the host to an ordinary user who shares its network', () => {
    const { mounts } = spec({ network: 'host' }, { userNamespace: true });
    assert.deepEqual(mounts.find(({ destination }) => destination === '/sys')?.options[0], 'rbind');
    assert.ok(!mounts.some(({ destination }) => destination === '/sys/fs/cgroup'));
  });

  it('leaves seccomp out when it is unconfined', () => {
    assert.equal(spec({ seccomp: 'unconfined' }).linux.seccomp, undefined);
    assert.equal(spec().linux.seccomp?.defaultAction, 'SCMP_ACT_ERRNO');
  });
});

describe('seccompProfile', () => {
  const allowed = (capabilities: readonly string[], architecture = 'amd64') =>
    seccompProfile({ capabilities, architecture, kernel: [6, 1] })
      ?.syscalls.filter(({ action, args }) => action === 'SCMP_ACT_ALLOW' && args === undefined)
      .flatMap(({ names }) => names) ?? [];

  it('names each system call once', () => {
    const names = allowed(['CAP_SYS_ADMIN', 'CAP_BPF', 'CAP_SYSLOG', 'CAP_SYS_PTRACE']);
    assert.equal(new Set(names).size, names.length);
  });

  it('allows what ordinary programs do, and nothing that changes the machine', () => {
    const names = new Set(allowed([]));
    for (const good of ['execve', 'openat2', 'futex', 'epoll_wait', 'statx', 'arch_prctl', 'ptrace']) {
      assert.ok(names.has(good), good);
    }
    for (const bad of [
      'mount',
      'reboot',
      'init_module',
      'kexec_load',
      'bpf',
      'keyctl',
      'io_uring_setup',
      'unshare',
      'clone',
    ]) {
      assert.ok(!names.has(bad), bad);
    }
  });

  it('opens what a capability stands for', () => {
    assert.ok(allowed(['CAP_SYS_ADMIN']).includes('mount'));
    assert.ok(allowed(['CAP_SYS_TIME']).includes('clock_settime'));
    assert.ok(!allowed(['CAP_SYS_TIME']).includes('mount'));
  });

  it('answers clone3 with "not implemented", so that libc falls back to clone', () => {
    const rule = seccompProfile({ capabilities: [], architecture: 'arm64', kernel: [6, 1] })?.syscalls.at(-1);
    assert.deepEqual(rule, { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 });
  });

  it('keeps ptrace shut before kernel 4.8', () => {
    const old = seccompProfile({ capabilities: [], architecture: 'amd64', kernel: [4, 7] });
    assert.ok(!old?.syscalls.some(({ names }) => names.includes('ptrace')));
  });

  it('has no profile for an architecture it does not know', () => {
    assert.equal(seccompProfile({ capabilities: [], architecture: 'vax', kernel: [6, 1] }), undefined);
  });
});

describe('resolveCapabilities', () => {
  const mask = (add: string[], drop: string[], bounding?: bigint) =>
    resolveCapabilities({ add, drop, ...(bounding === undefined ? {} : { bounding }) });

  it('starts from the 14 of docker', () => {
    assert.equal(mask([], []).length, 14);
  });

  it('lets what is added by name stay although all is dropped', () => {
    assert.deepEqual(mask(['net_admin'], ['ALL']), ['CAP_NET_ADMIN']);
    assert.deepEqual(mask([], ['all']), []);
  });

  it('means by ALL what can be given here, less what is dropped by name', () => {
    assert.deepEqual(mask(['ALL'], ['CHOWN'], 0b111n), ['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH']);
    assert.equal(mask(['ALL'], []).length, 41);
  });

  it('refuses a name that is none', () => {
    assert.throws(() => mask(['FLY'], []), { code: 'OPTION_INVALID' });
  });
});
