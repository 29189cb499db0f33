import type { JSX } from 'preact';
import { chooseTheme, type Theme, theme } from '../../store/theme.ts';
import { HalfDisc, Moon, Sun } from '../parts/icons.tsx';

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const NAMES: Readonly<Record<Theme, string>> = { auto: 'as the system', light: 'light', dark: 'dark' };

export function ThemeButton(): JSX.Element {
  const now = theme.value;
  const text = `Theme: ${NAMES[now]}. Change to ${NAMES[NEXT[now]]}.`;
  return (
    <button type="button" class="icon" aria-label={text} title={text} onClick={() => chooseTheme(NEXT[now])}>
      {now === 'auto' && <HalfDisc />}
      {now === 'light' && <Sun />}
      {now === 'dark' && <Moon />}
    </button>
  );
}
