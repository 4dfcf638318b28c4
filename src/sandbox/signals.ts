import { constants } from 'node:os';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
const stopping: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);
/** As with `docker run`: who presses Ctrl-C for the third time does not want to ask any more. */
const patience = 3;

/** Who gets the signals that are sent to us. */
export interface SignalTarget {
  send(signal: NodeJS.Signals): void;
  kill(): void;
}

/** Takes this process's signals: before a program runs they stop the preparations, then they are the program's. */
export interface SignalRelay {
  /** Aborted by a signal that came before `attach`. */
  readonly signal: AbortSignal;
  /** 128 + the signal that aborted. */
  readonly exitCode: number;
  attach(target: SignalTarget): void;
  /** Gives the signals back. */
  close(): void;
}

export function relaySignals(): SignalRelay {
  const controller = new AbortController();
  let target: SignalTarget | undefined;
  let exitCode = 0;
  let requests = 0;
  const receive = (signal: NodeJS.Signals): void => {
    if (target === undefined) {
      if (!stopping.has(signal)) return;
      exitCode = 128 + constants.signals[signal];
      controller.abort();
    } else if ((signal === 'SIGINT' || signal === 'SIGTERM') && ++requests >= patience) target.kill();
    else target.send(signal);
  };
  for (const signal of passedOn) process.on(signal, receive);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    attach: (program) => {
      target = program;
    },
    close: () => {
      for (const signal of passedOn) process.off(signal, receive);
    },
  };
}
