// Keeps the store in step with one run: snapshot first, then updates; a new snapshot after a gap or a lost connection.

import type { Update } from '../../server/live/protocol.ts';
import type { DetectionView, InputView, RunDetails, RunLayout } from '../../server/runs/views.ts';
import { Sequence } from '../series/sequence.ts';
import { clear, run, setLayout, takeDetections, takeMarks, takeSnapshot, takeUpdate, watching } from '../store/run.ts';
import { socket } from './socket.ts';

const ANSWER_MILLISECONDS = 10_000;
/** Skipped updates cost a snapshot, but a slow connection must not drown in them. */
const RESYNC_MILLISECONDS = 2000;

/** Watches a run until the function that it returns is called. */
export function watchRun(id: string): () => void {
  const sequence = new Sequence();
  let ended = false;
  let asking = false;
  let asked = Number.NEGATIVE_INFINITY;

  const ask = (): void => {
    if (ended || asking || !socket.connected) return;
    asking = true;
    asked = performance.now();
    socket.timeout(ANSWER_MILLISECONDS).emit('watch', id, (error, answer) => {
      asking = false;
      if (ended) return;
      if (error) {
        ask();
      } else if (answer.ok) {
        sequence.restart(answer.snapshot.sequence);
        takeSnapshot(answer.snapshot);
      } else {
        watching.value = { state: 'unknown', problem: answer.problem };
      }
    });
  };
  const onUpdate = (update: Update): void => {
    if (update.id !== id || asking) return;
    const whole = sequence.follows(update.sequence);
    takeUpdate(update);
    if (!whole && performance.now() - asked > RESYNC_MILLISECONDS) ask();
  };
  const onDetections = (runId: string, detections: readonly DetectionView[]): void => {
    if (runId === id && !asking) takeDetections(detections);
  };
  const onMarks = (runId: string, marks: readonly InputView[]): void => {
    if (runId === id && !asking) takeMarks(marks);
  };
  const onLayout = (runId: string, layout: RunLayout): void => {
    if (runId === id) setLayout(layout);
  };
  const onRun = (details: RunDetails): void => {
    if (details.id === id) run.value = details;
  };

  clear();
  socket.on('connect', ask);
  socket.on('update', onUpdate);
  socket.on('detections', onDetections);
  socket.on('marks', onMarks);
  socket.on('layout', onLayout);
  socket.on('run', onRun);
  ask();

  return () => {
    ended = true;
    socket.off('connect', ask);
    socket.off('update', onUpdate);
    socket.off('detections', onDetections);
    socket.off('marks', onMarks);
    socket.off('layout', onLayout);
    socket.off('run', onRun);
    if (socket.connected) socket.emit('unwatch', id);
  };
}
