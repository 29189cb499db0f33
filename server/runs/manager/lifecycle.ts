// The states of a run and the ways between them.

import { assertNever } from '../../assert-never.ts';
import type { RunHandle, RunOutcome } from '../process/process-client.ts';
import type { RunReport } from '../report/report.ts';

/** Where a run stands, with what exists only there. */
export type Phase =
  | { readonly kind: 'queued' }
  | { readonly kind: 'starting'; readonly process: RunHandle }
  | { readonly kind: 'running'; readonly process: RunHandle }
  | { readonly kind: 'paused'; readonly process: RunHandle }
  | { readonly kind: 'finished'; readonly report: RunReport }
  | { readonly kind: 'stopped'; readonly report: RunReport | null }
  | { readonly kind: 'failed'; readonly problem: string };

/** The process of a run that has one. */
export function processOf(phase: Phase): RunHandle | null {
  switch (phase.kind) {
    case 'starting':
    case 'running':
    case 'paused':
      return phase.process;
    case 'queued':
    case 'finished':
    case 'stopped':
    case 'failed':
      return null;
    default:
      return assertNever(phase);
  }
}

/** True for a run that will never change again. */
export function isOver(phase: Phase): boolean {
  return phase.kind !== 'queued' && processOf(phase) === null;
}

export function reportOf(phase: Phase): RunReport | null {
  return phase.kind === 'finished' || phase.kind === 'stopped' ? phase.report : null;
}

/** The phase that a process leaves a run in. */
export function phaseAfter(outcome: RunOutcome): Phase {
  switch (outcome.kind) {
    case 'finished':
      return { kind: outcome.stopped ? 'stopped' : 'finished', report: outcome.report };
    case 'stopped':
      return { kind: 'stopped', report: null };
    case 'failed':
      return { kind: 'failed', problem: outcome.problem };
    default:
      return assertNever(outcome);
  }
}
