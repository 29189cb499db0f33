import { type Signal, useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { OfferedScenario } from '../../../server/runs/views.ts';
import { launch } from '../../api/client.ts';
import { about, restsOn, wallSeconds } from '../../format/pace.ts';
import { span } from '../../format/time.ts';
import { navigate } from '../../routing/navigate.ts';
import { runPath } from '../../routing/route.ts';
import { Choices } from '../parts/choices.tsx';
import { Play } from '../parts/icons.tsx';
import { Problem } from '../parts/problem.tsx';
import {
  check,
  NOTES,
  type Parameter,
  type Problems,
  placed,
  readDuration,
  readLaunch,
  readSpeed,
  SPEEDS,
  type Texts,
} from './parameters.ts';

interface Props {
  readonly scenario: OfferedScenario;
  readonly texts: Signal<Texts>;
}

/** The parameters of a run, checked as one types, and the button that starts it. */
export function ParameterForm({ scenario, texts }: Props): JSX.Element {
  const refused = useSignal<Problems>({});
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const problems = useComputed(() => ({ ...refused.value, ...check(scenario, texts.value) }));

  const set = (parameter: Parameter, text: string): void => {
    texts.value = { ...texts.value, [parameter]: text };
    const { [parameter]: _, ...others } = refused.value;
    refused.value = others;
    problem.value = null;
  };
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const request = readLaunch(scenario, texts.value);
    const [wrong] = Object.keys(check(scenario, texts.value));
    if (request === null || wrong !== undefined) {
      event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    busy.value = true;
    const answer = await launch(request);
    busy.value = false;
    if (answer.ok) return navigate(runPath(answer.value.id));
    const { fields, rest } = placed(answer.problem);
    refused.value = fields;
    problem.value = rest;
  };
  const text = (parameter: 'duration' | 'speed' | 'startCharge' | 'seed', mode: 'text' | 'numeric' | 'decimal') => ({
    name: parameter,
    value: texts.value[parameter],
    inputMode: mode,
    autocomplete: 'off',
    spellcheck: false,
    onInput: (event: JSX.TargetedInputEvent<HTMLInputElement>) => set(parameter, event.currentTarget.value),
  });

  return (
    <form class="parameters" onSubmit={submit} aria-label={`Launch ${scenario.title}`} noValidate>
      <Field name="Power profile" parameter="powerProfile" problem={problems.value.powerProfile}>
        {(control) => (
          <select
            {...control}
            name="powerProfile"
            value={texts.value.powerProfile}
            onChange={(event) => set('powerProfile', event.currentTarget.value)}
          >
            {!scenario.powerProfiles.includes(texts.value.powerProfile) && <option>{texts.value.powerProfile}</option>}
            {scenario.powerProfiles.map((profile) => (
              <option key={profile}>{profile}</option>
            ))}
          </select>
        )}
      </Field>
      <Field narrow name="Duration" parameter="duration" problem={problems.value.duration}>
        {(control) => <input {...control} {...text('duration', 'text')} />}
      </Field>
      <Field narrow name="Seed" parameter="seed" problem={problems.value.seed}>
        {(control) => <input {...control} {...text('seed', 'numeric')} />}
      </Field>
      <Field name="Start charge, %" parameter="startCharge" problem={problems.value.startCharge}>
        {(control) => <input {...control} {...text('startCharge', 'decimal')} />}
      </Field>
      <Field name="Speed" parameter="speed" problem={problems.value.speed}>
        {(control) => <input {...control} {...text('speed', 'text')} />}
      </Field>
      <Choices
        label="Usual speeds"
        options={SPEEDS}
        value={texts.value.speed as (typeof SPEEDS)[number][0]}
        onChoose={(speed) => set('speed', speed)}
      />
      <Expected scenario={scenario} texts={texts.value} />
      <button type="submit" class="primary" disabled={busy.value}>
        <Play />
        {busy.value ? 'Launching …' : 'Launch'}
      </button>
      <Problem text={problem.value} />
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly parameter: Parameter;
  readonly problem: string | undefined;
  /** Takes half the width. */
  readonly narrow?: boolean;
  readonly children: (control: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  }) => ComponentChildren;
}

/** A field with its bounds below it; in their place, what is wrong with it. */
function Field({ name, parameter, problem, narrow, children }: FieldProps): JSX.Element {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div class="field" data-narrow={narrow}>
      <label for={id}>{name}</label>
      {children({ id, 'aria-describedby': note, 'aria-invalid': problem !== undefined })}
      <small id={note} aria-live="polite" data-wrong={problem !== undefined}>
        {problem ?? NOTES[parameter]}
      </small>
    </div>
  );
}

/** How long one will wait, at this speed and duration. */
function Expected({ scenario, texts }: { scenario: OfferedScenario; texts: Texts }): JSX.Element | null {
  const [duration, speed] = [readDuration(texts.duration), readSpeed(texts.speed)];
  const { pace, stream } = scenario;
  if (duration === null || speed === null || pace === null || stream === null) return null;
  const wall = wallSeconds(pace, duration, speed);
  const isSlowest = speed !== 'max' && duration / speed < duration / pace.speed;
  return (
    <p class="expected" role="status">
      <strong>
        {span(duration)} in {about(wall)}
      </strong>
      {(speed === 'max' || isSlowest) && (
        <span class="quiet">
          {isSlowest && 'No faster than full speed: '}
          {restsOn(pace, stream.sense)}.
        </span>
      )}
    </p>
  );
}
