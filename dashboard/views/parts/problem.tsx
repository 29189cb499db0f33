import type { JSX } from 'preact';

/** What went wrong, where it went wrong. */
export const Problem = ({ text }: { text: string | null }): JSX.Element | null =>
  text === null ? null : (
    <p class="problem" role="alert">
      {text}
    </p>
  );
