// The address bar as a signal, and links that change it without loading the page anew.

import { computed, signal } from '@preact/signals';
import { addressOf, routeOf } from './route.ts';

const here = () => location.pathname + location.search;
const address = signal(here());
export const route = computed(() => routeOf(address.value));
export const query = computed(() => new URLSearchParams(address.value.split('?', 2)[1] ?? ''));

export function navigate(target: string): void {
  const to = withTheme(target);
  if (to !== here()) history.pushState(null, '', to);
  address.value = to;
  scrollTo(0, 0);
  // Readers and the keyboard start over at the new page's top.
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Changes what the address asks for, in place: null takes out. */
export function replaceQuery(changes: Readonly<Record<string, string | null>>): void {
  const to = addressOf(location.pathname, new URLSearchParams(location.search), changes);
  if (to === here()) return;
  history.replaceState(history.state, '', to);
  address.value = to;
}

/** A theme that a link asks for goes along to the pages that are opened from there. */
function withTheme(target: string): string {
  const theme = new URLSearchParams(location.search).get('theme');
  const [path = '', search = ''] = target.split('?', 2);
  const asked = new URLSearchParams(search);
  return theme === null || asked.has('theme') ? target : addressOf(path, asked, { theme });
}

/** Follows plain clicks on links within the page; a click with a modifier stays the browser's. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    address.value = here();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.origin !== location.origin || link.target !== '' || link.hash !== '') return;
    if (link.pathname.startsWith('/api/') || link.hasAttribute('download')) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
