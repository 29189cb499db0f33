// The style sheet's colours for canvases. Tokens live in style/tokens.css only; here they are resolved for the theme that is shown.

import { shownTheme } from '../store/theme.ts';

const resolved = new Map<string, string>();
let resolvedFor = '';
let probe: HTMLElement | null = null;

/** A CSS colour, custom properties included, as the canvas understands it. Reading it in an effect follows the theme. */
export function colour(css: string): string {
  if (resolvedFor !== shownTheme.value) {
    resolvedFor = shownTheme.value;
    resolved.clear();
  }
  const known = resolved.get(css);
  if (known !== undefined) return known;
  if (!probe) {
    probe = document.createElement('i');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = '';
  probe.style.color = css;
  const value = getComputedStyle(probe).color;
  resolved.set(css, value);
  return value;
}
