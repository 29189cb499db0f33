// Sound or motion of one's own, recorded when the person asks for it and played into the run.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RunLayout } from '../../../server/runs/views.ts';
import { recordSound } from '../../recording/microphone.ts';
import { recordMotion } from '../../recording/motion.ts';
import { RecordingRefused } from '../../recording/refused.ts';
import { base64Of, trimmed, wavOf } from '../../recording/take.ts';
import { Microphone, Stop } from '../parts/icons.tsx';
import { USUAL_SNR } from './act-forms.tsx';
import { ActForm, type Acting, NumberField, useActing } from './act-parts.tsx';

const SOUND_SECONDS = 4;
const MOTION_SECONDS = 8;
const OTHER = 'something else';

interface Props {
  readonly id: string;
  readonly layout: RunLayout;
  readonly sense: 'log-mel' | 'motion';
}

type Phase = 'idle' | 'asking' | 'recording' | 'sending';

export function RecordForm({ id, layout, sense }: Props): JSX.Element {
  const acting = useActing(id);
  const phase = useSignal<Phase>('idle');
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const isSound = sense === 'log-mel';
  const seconds = isSound ? SOUND_SECONDS : MOTION_SECONDS;

  const record = async (label: string, snr: number): Promise<void> => {
    stop.current = new AbortController();
    const { signal } = stop.current;
    const began = (): void => {
      phase.value = 'recording';
    };
    acting.problem.value = null;
    phase.value = 'asking';
    try {
      if (isSound) {
        const take = await recordSound(seconds, signal, began);
        phase.value = 'sending';
        await acting.send({ kind: 'sound', label, snr, wav: base64Of(wavOf(trimmed(take))) });
      } else {
        const csv = await recordMotion(seconds, signal, began);
        phase.value = 'sending';
        await acting.send({ kind: 'motion', label, csv });
      }
    } catch (error) {
      acting.problem.value = problemOf(error);
    }
    phase.value = 'idle';
  };

  return (
    <ActForm
      title={isSound ? 'Say it yourself' : 'Move it yourself'}
      acting={acting}
      onSubmit={(field) => {
        if (phase.value === 'recording') stop.current.abort();
        else if (phase.value === 'idle') void record(field('label'), Number(field('snr') || USUAL_SNR));
      }}
    >
      <label class="wide">
        It is
        <select name="label">
          {[layout.label, OTHER].map((label) => (
            <option key={label}>{label}</option>
          ))}
        </select>
      </label>
      {isSound && <NumberField name="snr" label="Over noise, dB" value={USUAL_SNR} min={-20} max={60} />}
      <RecordButton phase={phase.value} acting={acting} isSound={isSound} seconds={seconds} />
    </ActForm>
  );
}

interface RecordButtonProps {
  readonly phase: Phase;
  readonly acting: Acting;
  readonly isSound: boolean;
  readonly seconds: number;
}

function RecordButton({ phase, acting, isSound, seconds }: RecordButtonProps): JSX.Element {
  if (phase === 'recording')
    return (
      <button type="submit" class="primary recording">
        <Stop /> {isSound ? 'Stop and play' : 'Stop and send'}
        <span class="quiet-on-primary">at most {seconds} s</span>
      </button>
    );
  const idle = isSound ? 'Record' : 'Record this phone';
  return (
    <button type="submit" disabled={phase !== 'idle' || acting.busy.value}>
      <Microphone /> {phase === 'asking' ? 'Asking …' : phase === 'sending' ? 'Sending …' : idle}
    </button>
  );
}

const problemOf = (error: unknown): string =>
  error instanceof RecordingRefused
    ? error.message
    : `It could not be recorded (${error instanceof Error ? error.message : String(error)}).`;
