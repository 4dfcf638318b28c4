/**
 * Which system calls docker's default seccomp profile allows (docker 27, without its comments and order),
 * by subject, and those that need a capability or a kind of machine.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Allowed to everyone, whatever the arguments. Names that a kernel or libseccomp does not know are passed over. */
export const alwaysAllowed: readonly string[] = [
  // names, directories, links
  'access chdir creat faccessat faccessat2 fchdir getcwd getdents getdents64 link linkat mkdir mkdirat mknod mknodat',
  'name_to_handle_at newfstatat open openat openat2 readlink readlinkat rename renameat renameat2 rmdir symlink',
  'symlinkat unlink unlinkat',
  // owners, modes, times, attributes
  'chmod chown chown32 fchmod fchmodat fchmodat2 fchown fchown32 fchownat fgetxattr flistxattr fremovexattr fsetxattr',
  'fstat fstat64 fstatat64 fstatfs fstatfs64 futimesat getxattr lchown lchown32 lgetxattr listxattr llistxattr',
  'lremovexattr lsetxattr lstat lstat64 removexattr setxattr stat stat64 statfs statfs64 statx umask utime utimensat',
  'utimensat_time64 utimes',
  // reading and writing
  '_llseek cachestat close close_range copy_file_range dup dup2 dup3 fadvise64 fadvise64_64 fallocate fcntl fcntl64',
  'fdatasync flock fsync ftruncate ftruncate64 ioctl lseek pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2',
  'read readahead readv sendfile sendfile64 splice sync sync_file_range syncfs tee truncate truncate64 vmsplice write',
  'writev',
  // waiting for events
  '_newselect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old',
  'eventfd eventfd2 fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy',
  'io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit poll ppoll ppoll_time64 pselect6',
  'pselect6_time64 select signalfd signalfd4',
  // sockets; socket itself depends on its arguments
  'accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg',
  'send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair',
  // memory
  'brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect',
  'mremap msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease remap_file_pages',
  // processes and threads
  'execve execveat exit exit_group fork futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake',
  'get_robust_list get_thread_area getpgid getpgrp getpid getppid getsid gettid pidfd_open prctl rseq set_robust_list',
  'set_thread_area set_tid_address setpgid setsid vfork wait4 waitid waitpid',
  // users, limits, scheduling
  'capget capset getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getpriority getresgid',
  'getresgid32 getresuid getresuid32 getrlimit getrusage getuid getuid32 ioprio_get ioprio_set landlock_add_rule',
  'landlock_create_ruleset landlock_restrict_self prlimit64 sched_get_priority_max sched_get_priority_min',
  'sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval',
  'sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp',
  'setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setpriority setregid setregid32',
  'setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit setuid setuid32 ugetrlimit',
  // signals
  'alarm getitimer kill pause pidfd_send_signal restart_syscall rt_sigaction rt_sigpending rt_sigprocmask',
  'rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo setitimer',
  'sigaltstack sigprocmask sigreturn tgkill tkill',
  // clocks and timers
  'adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64',
  'clock_nanosleep clock_nanosleep_time64 gettimeofday nanosleep time timer_create timer_delete timer_getoverrun',
  'timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64',
  'timerfd_settime timerfd_settime64 times',
  // System V and POSIX messages, the rest
  'ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64',
  'mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget',
  'getrandom sysinfo uname',
].flatMap(words);

/** Allowed to who has the capability. */
export const allowedWith: Readonly<Record<string, readonly string[]>> = {
  CAP_BPF: ['bpf'],
  CAP_DAC_READ_SEARCH: ['open_by_handle_at'],
  CAP_PERFMON: ['perf_event_open'],
  CAP_SYSLOG: ['syslog'],
  CAP_SYS_ADMIN: words(`
    bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount open_tree
    perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare`),
  CAP_SYS_BOOT: ['reboot'],
  CAP_SYS_CHROOT: ['chroot'],
  CAP_SYS_MODULE: words('delete_module finit_module init_module'),
  CAP_SYS_NICE: words('get_mempolicy mbind set_mempolicy set_mempolicy_home_node'),
  CAP_SYS_PACCT: ['acct'],
  CAP_SYS_PTRACE: words('kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace'),
  CAP_SYS_RAWIO: words('ioperm iopl'),
  CAP_SYS_TIME: words('clock_settime clock_settime64 settimeofday stime'),
  CAP_SYS_TTY_CONFIG: ['vhangup'],
};

/** Allowed on machines of this architecture, by its name in an image. */
export const allowedOn: Readonly<Record<string, readonly string[]>> = {
  '386': ['modify_ldt'],
  amd64: words('arch_prctl modify_ldt'),
  arm: words('arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2'),
  arm64: words('arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2'),
  ppc64le: words('swapcontext sync_file_range2'),
  riscv64: ['riscv_flush_icache'],
  s390x: words('s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr'),
};

/** Safe from kernel 4.8 on, which applies seccomp after ptrace. */
export const allowedFromKernel48 = words('process_vm_readv process_vm_writev ptrace');

/** The architecture itself first, then those whose programs it runs as well. */
export const seccompArchitectures: Readonly<Record<string, readonly string[]>> = {
  '386': ['SCMP_ARCH_X86'],
  amd64: words('SCMP_ARCH_X86_64 SCMP_ARCH_X86 SCMP_ARCH_X32'),
  arm: ['SCMP_ARCH_ARM'],
  arm64: words('SCMP_ARCH_AARCH64 SCMP_ARCH_ARM'),
  mips64: words('SCMP_ARCH_MIPS64 SCMP_ARCH_MIPS SCMP_ARCH_MIPS64N32'),
  mips64le: words('SCMP_ARCH_MIPSEL64 SCMP_ARCH_MIPSEL SCMP_ARCH_MIPSEL64N32'),
  ppc64le: ['SCMP_ARCH_PPC64LE'],
  riscv64: ['SCMP_ARCH_RISCV64'],
  s390x: words('SCMP_ARCH_S390X SCMP_ARCH_S390'),
};
