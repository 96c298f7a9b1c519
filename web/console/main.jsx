// The console of Atrium: a page for people who operate a server or look at what it does.
import { render } from 'preact';

import { App, isFirstPage } from './app.jsx';
import { startKeyboard } from './core/keyboard.js';
import { address, startRouter } from './core/router.js';
import { start } from './core/start.js';
import { startTheme } from './core/theme.js';
import { prepareHouse } from './pages/house.jsx';
import { loadInnerPages } from './parts/inner_page.jsx';
import './styles/main.css';

startTheme();
startRouter();
startKeyboard();

// Until everything has arrived, the frame of index.html stays.
const innerPages = isFirstPage(address.value.path) ? undefined : loadInnerPages();
await start(innerPages ? () => innerPages : prepareHouse);
const place = document.getElementById('console');
place.replaceChildren(); // render() would keep the elements of index.html that it does not use
render(<App />, place);
