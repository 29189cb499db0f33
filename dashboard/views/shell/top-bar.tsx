import type { ComponentChildren, JSX } from 'preact';
import { route } from '../../routing/navigate.ts';
import { Mark } from '../parts/icons.tsx';

export function TopBar({ children }: { children: ComponentChildren }): JSX.Element {
  const page = route.value.page;
  return (
    <header class="bar">
      <a class="brand" href="/" aria-label="Lightsleeper, home">
        <Mark />
        <span>Lightsleeper</span>
      </a>
      <nav aria-label="Pages">
        <a href="/" aria-current={page === 'home' ? 'page' : undefined}>
          Runs
        </a>
        <a href="/devices" aria-current={page === 'devices' ? 'page' : undefined}>
          Devices
        </a>
        <a href="/lab" aria-current={page === 'lab' ? 'page' : undefined}>
          Gate lab
        </a>
      </nav>
      {children}
    </header>
  );
}
