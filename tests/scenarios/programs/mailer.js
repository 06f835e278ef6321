'use strict';
// Renders and sends letters.
const { snapshot } = require('./common');

class Letter {
  constructor(number) {
    this.number = number;
    this.paragraphs = Array.from({ length: 8 }, (_, i) => ({ text: `paragraph ${i}`, size: number + i + 0.5 }));
  }
}

class Connection {
  constructor(number) {
    this.host = `mx${number}`;
    this.banner = `220 mx${number} ready`;
    this.options = { size: number, pipelining: true };
  }
}

class Page {
  constructor(width, text) {
    this.width = width;
    this.lines = [text.toUpperCase(), text.toLowerCase()];
  }
}

const receipts = [];
const sent = [];
let current = null;

// Closure: the receipt uses only the number, but the scope it shares with describe() keeps the letter.
function send(number) {
  const letter = new Letter(number);
  const describe = () => letter.paragraphs.length;
  receipts.push(() => number);
  sent.push(`${number}: ${describe()}`);
  if (sent.length > 100) sent.shift();
}

// Closures: each connection's scope keeps the one before it, through a function that is never called.
function reconnect(number) {
  const previous = current;
  const compare = () => previous && previous.connection.host;
  const connection = new Connection(number);
  current = { connection, isOpen: () => connection.options.pipelining, same: null };
  return compare;
}

// Closure: the cache of memoize() has no bound and its keys hardly ever come again.
function memoize(compute) {
  const cache = new Map();
  return (...parameters) => {
    const key = JSON.stringify(parameters);
    if (!cache.has(key)) cache.set(key, compute(...parameters));
    return cache.get(key);
  };
}

const layout = memoize((width, text) => new Page(width, text));

function render(count) {
  for (let i = 0; i < count; i++) {
    sent.push(`rendered ${i}`);
    if (sent.length > 100) sent.shift();
  }
}

async function main() {
  for (let i = 0; i < 10; i++) send(i);
  for (let i = 0; i < 10; i++) reconnect(i);
  for (let i = 0; i < 10; i++) layout(i, `Dear Customer ${i}`);
  render(3000);
  await snapshot('mailer');
  for (let i = 0; i < 100; i++) send(1000 + i);
  render(3000);
  await snapshot('mailer');
  for (let i = 0; i < 300; i++) reconnect(1000 + i);
  // Two at once.
  for (let i = 0; i < 400; i++) layout(1000 + i, `Dear Customer ${i % 500}`);
  render(3000);
  await snapshot('mailer');
  process.exit();
}

main();
