// What the forms that act on a run share.

import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { ActBody } from '../../../server/runs/acts/log.ts';
import { act } from '../../api/client.ts';
import { moment } from '../../format/time.ts';
import { severalDays } from '../../store/run.ts';
import { Problem } from '../parts/problem.tsx';

export interface Acting {
  readonly busy: Signal<boolean>;
  readonly problem: Signal<string | null>;
  readonly said: Signal<string>;
  /** Does it, and says when it takes hold or why it cannot be. */
  send(body: ActBody): Promise<void>;
}

export function useActing(id: string): Acting {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const said = useSignal('');
  return {
    busy,
    problem,
    said,
    async send(body) {
      busy.value = true;
      const answer = await act(id, body);
      busy.value = false;
      problem.value = answer.ok ? null : answer.problem;
      said.value = answer.ok ? `Takes hold at ${moment(answer.value.simulatedSeconds, severalDays.value)}.` : '';
    },
  };
}

interface ActFormProps {
  readonly title: string;
  readonly acting: Acting;
  /** @param field reads one by its name */
  readonly onSubmit: (field: (name: string) => string) => void;
  readonly children: ComponentChildren;
}

export function ActForm({ title, acting, onSubmit, children }: ActFormProps): JSX.Element {
  const id = useId();
  return (
    <form
      class="act-form"
      aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        onSubmit((name) => String(data.get(name) ?? ''));
      }}
    >
      <h3 id={id}>{title}</h3>
      <div class="act-fields">{children}</div>
      <Problem text={acting.problem.value} />
      <p class="hidden-text" role="status">
        {acting.said.value}
      </p>
    </form>
  );
}

interface NumberFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | 'any';
}

export const NumberField = ({ name, label, value, min, max, step = 'any' }: NumberFieldProps): JSX.Element => (
  <label>
    {label}
    <input type="number" name={name} defaultValue={String(value)} min={min} max={max} step={step} required />
  </label>
);
