import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { relaySignals } from './signals.ts';

const send = async (signal: NodeJS.Signals) => {
  process.kill(process.pid, signal);
  await wait(20);
};

describe('relaySignals', () => {
  it('stops the preparations before there is a program', async () => {
    const relay = relaySignals();
    await send('SIGUSR1');
    assert.equal(relay.signal.aborted, false);
    await send('SIGTERM');
    assert.deepEqual([relay.signal.aborted, relay.exitCode], [true, 143]);
    relay.close();
  });

  it('gives them to the program afterwards, and kills it at the third request to end', async () => {
    const relay = relaySignals();
    const sent: string[] = [];
    relay.attach({ send: (signal) => sent.push(signal), kill: () => sent.push('kill') });
    for (const signal of ['SIGWINCH', 'SIGINT', 'SIGTERM', 'SIGINT'] as const) await send(signal);
    assert.deepEqual(sent, ['SIGWINCH', 'SIGINT', 'SIGTERM', 'kill']);
    assert.equal(relay.signal.aborted, false);
    relay.close();
    assert.equal(process.listenerCount('SIGHUP'), 0);
  });
});
