import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { route } from '../../routing/navigate.ts';
import type { Route } from '../../routing/route.ts';
import { ComparePage } from '../compare/compare-page.tsx';
import { DevicesPage } from '../devices/devices-page.tsx';
import { HomePage } from '../home/home-page.tsx';
import { LabPage } from '../lab/lab-page.tsx';
import { RunPage } from '../run/run-page.tsx';
import { ScenarioPage } from '../scenario/scenario-page.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { ThemeButton } from './theme-button.tsx';
import { TopBar } from './top-bar.tsx';

export function App(): JSX.Element {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar>
        <ThemeButton />
      </TopBar>
      <ConnectionStrip />
      <main id="main" class="page" tabIndex={-1}>
        <Page route={route.value} />
      </main>
    </>
  );
}

function Page({ route }: { route: Route }): JSX.Element {
  const title =
    route.page === 'devices'
      ? (route.name ?? 'Devices')
      : route.page === 'compare'
        ? 'Compare runs'
        : route.page === 'lab'
          ? 'Gate lab'
          : '';
  useEffect(() => {
    if (route.page !== 'run' && route.page !== 'scenario')
      document.title = title === '' ? 'Lightsleeper' : `${title} · Lightsleeper`;
  }, [route, title]);
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'scenario':
      return <ScenarioPage key={route.name} name={route.name} />;
    case 'run':
      return <RunPage key={route.id} id={route.id} />;
    case 'compare':
      return <ComparePage ids={route.runs} />;
    case 'devices':
      return <DevicesPage chosen={route.name} />;
    case 'lab':
      return <LabPage chosen={route.model} />;
    case 'unknown':
      return (
        <div class="empty">
          <h1>Nothing is here</h1>
          <p>
            <code>{route.path}</code> is not a page of the dashboard.
          </p>
          <a class="button" href="/">
            Scenarios and runs
          </a>
        </div>
      );
  }
}
