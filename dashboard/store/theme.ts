// Light or dark: as the system says, unless a person chose; the choice is kept. A link may ask for a theme (?theme=dark), for as long as its page is open.
// public/theme.js applies it before the first paint.

import { computed, effect, signal } from '@preact/signals';
import { query, replaceQuery } from '../routing/navigate.ts';

export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'lightsleeper-theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const prefersDark = signal(systemDark.matches);
systemDark.addEventListener('change', (event) => {
  prefersDark.value = event.matches;
});

export const theme = signal<Theme>(kept());
/** What is shown; charts read their colours again when it changes. */
export const shownTheme = computed(() => {
  if (theme.value === 'auto') return prefersDark.value ? 'dark' : 'light';
  return theme.value;
});

effect(() => {
  const root = document.documentElement;
  if (theme.value === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme.value;
});

export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  if (query.peek().has('theme')) replaceQuery({ theme: choice === 'auto' ? null : choice });
  try {
    if (choice === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function kept(): Theme {
  const asked = query.peek().get('theme');
  if (asked === 'light' || asked === 'dark') return asked;
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}
