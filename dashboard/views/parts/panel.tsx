import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly area?: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A titled piece of the instrument; `area` is its place in the page's grid. */
export function Panel({ title, area, aside, children }: Props): JSX.Element {
  const id = useId();
  return (
    <section class={`panel ${area ?? ''}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
