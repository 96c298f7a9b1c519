// The console: shows the house as the server describes it.
import './main.css';

const answer = await fetch('/console/data/house', { headers: { Accept: 'application/json' } });
const text = document.createElement('pre');
text.textContent = JSON.stringify(await answer.json(), null, 2);
document.getElementById('console').replaceChildren(text);
