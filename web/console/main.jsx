// The console of Atrium: a page for people who operate a server or look at what it does.
import { render } from 'preact';

import { App } from './app.jsx';
import { startKeyboard } from './core/keyboard.js';
import { startRouter } from './core/router.js';
import { startTheme } from './core/theme.js';
import './styles/main.css';

startTheme();
startRouter();
startKeyboard();
render(<App />, document.getElementById('console'));
