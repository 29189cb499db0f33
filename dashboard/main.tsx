import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/home.css';
import './style/scenario.css';
import './style/run.css';
import './style/act.css';
import './style/scope.css';
import './style/devices.css';
import './style/compare.css';
import './style/lab.css';
import { followLinks } from './routing/navigate.ts';
import { followCatalogue } from './store/catalogue.ts';
import { followRuns } from './store/runs.ts';
import { App } from './views/shell/app.tsx';

followLinks();
followCatalogue();
followRuns();

const root = document.getElementById('app');
if (root) render(<App />, root);
