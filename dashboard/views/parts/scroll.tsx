import type { ComponentChildren, JSX } from 'preact';

/** Something wider than small screens; the keyboard can scroll it too. */
export const Scroll = ({ label, children }: { label: string; children: ComponentChildren }): JSX.Element => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the keyboard's focus
  <section class="scroll" aria-label={label} tabIndex={0}>
    {children}
  </section>
);
