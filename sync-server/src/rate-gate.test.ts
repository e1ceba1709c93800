import { describe, expect, it } from 'vitest';
import { createRateGate, type Rate } from './rate-gate.ts';

const RATE: Rate = {
  messagesPerSecond: 10,
  burstMessages: 50,
  bytesPerSecond: 1_000,
  burstBytes: 5_000,
  patience: 30_000,
};

describe('rate gate', () => {
  it('passes a burst, then says when reading may go on', () => {
    const gate = createRateGate(RATE, 0);
    for (let i = 0; i < 50; i++) expect(gate.take(1, 0)).toEqual({ kind: 'pass' });
    expect(gate.take(1, 0)).toEqual({ kind: 'slow-down', until: 100 });
    expect(gate.take(1, 100)).toEqual({ kind: 'slow-down', until: 200 });
  });

  it('counts bytes as well as messages', () => {
    const gate = createRateGate(RATE, 0);
    expect(gate.take(5_000, 0)).toEqual({ kind: 'pass' });
    expect(gate.take(500, 0)).toEqual({ kind: 'slow-down', until: 500 });
  });

  it('R17: a sender that stays above its rate is closed only when patience is over', () => {
    const gate = createRateGate(RATE, 0);
    gate.take(5_000, 0);
    let now = 0;
    for (;;) {
      const verdict = gate.take(1_000, now);
      if (verdict.kind === 'exceeded') break;
      if (verdict.kind === 'slow-down') now = verdict.until;
    }
    expect(now).toBeGreaterThanOrEqual(RATE.patience);
    expect(now).toBeLessThan(RATE.patience + 2_000);
  });

  it('forgives a sender that kept below its rate for a while', () => {
    const gate = createRateGate(RATE, 0);
    expect(gate.take(5_500, 0).kind).toBe('slow-down');
    expect(gate.take(1, 20_000).kind).toBe('pass');
    expect(gate.take(6_000, 31_000).kind).toBe('slow-down');
  });
});
