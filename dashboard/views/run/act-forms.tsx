// One small form for each thing that can be done to a run.

import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { recordingName } from '../../store/player.ts';
import { marks } from '../../store/run.ts';
import { Choices } from '../parts/choices.tsx';
import { Play } from '../parts/icons.tsx';
import { Problem } from '../parts/problem.tsx';
import { ActForm, NumberField, useActing } from './act-parts.tsx';

interface Props {
  readonly id: string;
  readonly layout: RunLayout;
}

/** So much louder than the noise, unless the person says otherwise. */
export const USUAL_SNR = 15;

export function PlayForm({ id, layout: { actable, label } }: Props): JSX.Element {
  const acting = useActing(id);
  const isSound = actable.sense === 'log-mel';
  const labels = [...new Set(actable.clips.map((clip) => clip.label))].sort(
    (a, b) => Number(b === label) - Number(a === label),
  );
  return (
    <ActForm
      title={isSound ? 'Play a recording' : actable.sense === 'motion' ? 'Move as recorded' : 'Show a picture'}
      acting={acting}
      onSubmit={(field) =>
        void acting.send({ kind: 'play', clip: field('clip'), ...(isSound ? { snr: Number(field('snr')) } : {}) })
      }
    >
      <label class="wide">
        Recording
        <select name="clip">
          {labels.map((of) => (
            <optgroup key={of} label={of}>
              {actable.clips
                .filter((clip) => clip.label === of)
                .map(({ clip }) => (
                  <option key={clip} value={clip}>
                    {recordingName(clip)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      {isSound && <NumberField name="snr" label="Over noise, dB" value={USUAL_SNR} min={-20} max={60} />}
      <button type="submit" class="primary" disabled={acting.busy.value}>
        <Play /> {isSound ? 'Play' : actable.sense === 'motion' ? 'Move' : 'Show'}
      </button>
    </ActForm>
  );
}

export function NoiseForm({ id }: { id: string }): JSX.Element {
  const acting = useActing(id);
  return (
    <ActForm
      title="Noise from now on"
      acting={acting}
      onSubmit={(field) => void acting.send({ kind: 'noise', decibels: Number(field('decibels')) })}
    >
      <NumberField name="decibels" label="Over plan, dB" value={6} min={-40} max={40} />
      <button type="submit" disabled={acting.busy.value}>
        Set noise
      </button>
    </ActForm>
  );
}

const SENSOR = 'sensor';

export function FailForm({ id, layout: { actable, sensor } }: Props): JSX.Element {
  const acting = useActing(id);
  return (
    <ActForm
      title="Let something fail"
      acting={acting}
      onSubmit={(field) => {
        const [kind, ...link] = field('what').split(':');
        const seconds = Number(field('seconds'));
        void acting.send(
          kind === SENSOR ? { kind: 'fail-sensor', seconds } : { kind: 'stall-link', link: link.join(':'), seconds },
        );
      }}
    >
      <label class="wide">
        What
        <select name="what">
          <option value={SENSOR}>{sensor} delivers zeros</option>
          {actable.links.map((link) => (
            <option key={link} value={`link:${link}`}>
              link {link} stalls
            </option>
          ))}
        </select>
      </label>
      <NumberField name="seconds" label="For, s" value={10} min={0.02} max={3600} />
      <button type="submit" disabled={acting.busy.value}>
        Fail
      </button>
    </ActForm>
  );
}

export function AgeForm({ id }: { id: string }): JSX.Element {
  const acting = useActing(id);
  return (
    <ActForm
      title="Age the battery"
      acting={acting}
      onSubmit={(field) =>
        void acting.send({
          kind: 'age-battery',
          capacity: Number(field('capacity')) / 100,
          resistance: Number(field('resistance')),
        })
      }
    >
      <NumberField name="capacity" label="Capacity left, %" value={80} min={5} max={100} />
      <NumberField name="resistance" label="Resistance ×" value={2} min={1} max={20} />
      <button type="submit" disabled={acting.busy.value}>
        Age
      </button>
    </ActForm>
  );
}

const BY_RULES = '';

export function ProfileForm({ id, layout, now }: Props & { readonly now: Frame }): JSX.Element {
  const acting = useActing(id);
  const last = marks.value.findLast(({ act }) => act.kind === 'choose-profile')?.act;
  const chosen = last?.kind === 'choose-profile' ? (last.powerProfile ?? BY_RULES) : BY_RULES;
  return (
    <div class="act-form">
      <h3>Power profile</h3>
      <Choices
        label="Power profile"
        options={[[BY_RULES, 'by the rules'], ...layout.actable.powerProfiles.map((name) => [name, name] as const)]}
        value={chosen}
        onChoose={(name) => {
          if (name !== chosen)
            void acting.send({ kind: 'choose-profile', powerProfile: name === BY_RULES ? null : name });
        }}
      />
      <p class="quiet">
        {chosen === BY_RULES ? `The rules have ${now.powerProfile}.` : `Chosen by hand; in force: ${now.powerProfile}.`}
      </p>
      <Problem text={acting.problem.value} />
      <p class="hidden-text" role="status">
        {acting.said.value}
      </p>
    </div>
  );
}
