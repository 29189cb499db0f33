import type { JSX } from 'preact';

interface Props<Value extends string> {
  readonly label: string;
  readonly options: ReadonlyArray<readonly [value: Value, text: string]>;
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

/** A small switch between a few ways to look at the same thing. */
export function Choices<Value extends string>({ label, options, value, onChoose }: Props<Value>): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a border and a legend that no browser lays out in a row
    <div class="choices" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChoose(option)}>
          {text}
        </button>
      ))}
    </div>
  );
}
