'use strict';
// Makes reports; nothing leaks here.
const http = require('http');
const { snapshot, drive, listen } = require('./common');

const widths = new WeakMap();
const rendered = [];
let settings = null;

// No leak: the settings are large and are loaded once, on first use.
function loadSettings() {
  const text = JSON.stringify({
    fonts: Array.from({ length: 300 }, (_, i) => ({ family: `Font ${i}`, sizes: [8.5, 10.5, 12.5 + i] })),
    words: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`word${i}`, `translation ${i}`])),
  });
  settings = settings || JSON.parse(text);
  return settings;
}

function render(count) {
  for (let i = 0; i < count; i++) {
    rendered.push({ page: i, text: `page ${i}` });
    if (rendered.length > 200) rendered.shift();
  }
}

// No leak: the keys of the WeakMap are gone, and its entries with them.
function measure(count) {
  for (let i = 0; i < count; i++) {
    const paragraph = { text: `paragraph ${i}` };
    widths.set(paragraph, { width: i + 0.5, box: [i, i + 1] });
    if (widths.get(paragraph).width < 0) throw new Error('impossible');
  }
}

// No leak: functions get hot and are compiled and optimised.
function calculate(rounds) {
  const bodies = Array.from({ length: 30 }, (_, i) => new Function('x', 'y', `let s = ${i}; for (let k = 0; k < x; k++) s += k * y; return s;`));
  return { bodies, total: bodies.reduce((sum, body) => sum + warm(body, rounds), 0) };
}

function warm(body, rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += body(i % 50, i % 2 ? 1.5 : 2);
  return sum;
}

const formulas = { hot: [] };

async function main() {
  render(1000);
  measure(100);
  formulas.hot = calculate(1).bodies;
  await snapshot('reports');
  loadSettings();
  render(1000);
  await snapshot('reports');
  measure(5000);
  render(500);
  await snapshot('reports');
  for (const body of formulas.hot) warm(body, 3000);
  render(500);
  await snapshot('reports');
  // No leak: a burst of requests, all answered and freed; what stays is compiled code, parsers and loaded modules.
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => response.end(JSON.stringify({ url: request.url, body, rows: Array.from({ length: 20 }, (_, i) => ({ i })) })));
  });
  const port = await listen(server);
  await drive(port, 200, (i) => `/report/${i}`);
  await snapshot('reports');
  process.exit();
}

main();
