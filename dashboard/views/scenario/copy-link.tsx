import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { theme } from '../../store/theme.ts';

const SHOWN_MILLISECONDS = 2500;

/** Copies the page's address, with the theme that was chosen: who opens it sees the same. */
export function CopyLink(): JSX.Element {
  const said = useSignal<string | null>(null);
  const copy = async (): Promise<void> => {
    const link = new URL(location.href);
    if (theme.value !== 'auto') link.searchParams.set('theme', theme.value);
    try {
      await navigator.clipboard.writeText(link.href);
      said.value = 'Copied';
    } catch {
      // Forbidden, or not on this machine: the address bar has it too.
      said.value = 'Copy it from the address bar';
    }
    setTimeout(() => {
      said.value = null;
    }, SHOWN_MILLISECONDS);
  };
  return (
    <button type="button" onClick={copy}>
      <span role="status">{said.value ?? 'Copy link to this set-up'}</span>
    </button>
  );
}
