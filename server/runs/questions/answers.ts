// Answers questions about a run, in its process, one after the other.

import { assertNever } from '../../assert-never.ts';
import { fromSeconds, type Nanoseconds } from '../../units.ts';
import { deviceActs } from '../acts/take-up.ts';
import { InputProblem } from '../files/problem.ts';
import type { RunReport } from '../report/report.ts';
import type { RunEngine } from '../simulate/engine.ts';
import { whatIf } from '../what-if/what-if.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Answer, AnswerTo, Question } from './question.ts';
import { rangeOf } from './range.ts';

export class Answers {
  private readonly engine: RunEngine;
  private readonly checkpoints: Checkpoints;
  private last: Promise<unknown> = Promise.resolve();
  private report: RunReport | null = null;

  constructor(engine: RunEngine) {
    this.engine = engine;
    this.checkpoints = new Checkpoints(engine.duration);
  }

  /** To be called while the run goes on, between events. */
  keep(): void {
    if (this.engine.trace.isKept) this.checkpoints.offer(this.engine.simulator);
  }

  /** The run is over. */
  finished(report: RunReport): void {
    this.report = report;
  }

  /** Never rejects for what somebody asked. */
  ask(question: Question): Promise<Answer> {
    const answer = this.last.then(() => this.answer(question));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answer(question: Question): Promise<Answer> {
    try {
      if (!this.engine.trace.isKept)
        throw new InputProblem('the run is too long for its scores to be kept; ask about one of at most four days');
      switch (question.kind) {
        case 'what-if':
          return await this.whatIf(question);
        case 'range':
          return { kind: 'range', range: this.range(question) };
        default:
          return assertNever(question);
      }
    } catch (error) {
      if (error instanceof InputProblem) return { kind: 'refused', problem: error.message };
      throw error;
    }
  }

  private async whatIf({ variants }: Extract<Question, { kind: 'what-if' }>): Promise<AnswerTo<'what-if'>> {
    // While it goes on, all are over the same stretch, whatever is done meanwhile.
    const engine = { ...this.engine };
    const trace = this.report === null ? engine.trace.soFar() : engine.trace;
    if (trace.windows === 0) throw new InputProblem('nothing was heard yet; ask again in a second');
    const original = this.report ?? (await whatIf(engine, trace, []));
    const reports: RunReport[] = [];
    for (const changes of variants) reports.push(await whatIf(engine, trace, changes));
    return { kind: 'what-if', original, variants: reports };
  }

  private range({ fromSeconds: from, toSeconds: to, points }: Extract<Question, { kind: 'range' }>) {
    const { engine, checkpoints } = this;
    const { now } = engine.simulator;
    const stretch = { from: fromSeconds(from), to: Math.min(fromSeconds(to), now) as Nanoseconds, points };
    if (stretch.to <= stretch.from)
      throw new InputProblem(
        now <= stretch.from
          ? `the run has only come to ${now / 1e9} s, and a stretch from ${from} s was asked for`
          : `a stretch ends after it begins, and one from ${from} s to ${to} s was asked for`,
      );
    const { plan } = engine.compiled;
    const { events, trace } = engine;
    return rangeOf({ plan, events, acts: deviceActs(engine.log, plan), chunks: trace.chunks, checkpoints }, stretch);
  }
}
